import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { serveCommands } from '@hostmesh/testkit';
import { FLOOR_HOST, type ExchangeSizes } from './exchange.ts';

/**
 * The other side of the floor: says hello-sized bytes to whoever connects and answers each push-sized run of
 * bytes with ack-sized ones. It looks at nothing but lengths.
 */
let open = 0;

const commands = {
  listen: async (count: number, sizes: ExchangeSizes): Promise<number[]> => {
    const hello = Buffer.alloc(sizes.helloBytes);
    const ack = Buffer.alloc(sizes.ackBytes);
    const serve = (socket: Socket): void => {
      open += 1;
      let pending = 0;
      socket.setNoDelay(true);
      socket.on('close', () => (open -= 1)).on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        pending += chunk.length;
        if (pending < sizes.pushBytes) return;
        pending -= sizes.pushBytes;
        socket.write(ack);
      });
      socket.write(hello);
    };
    const servers = await Promise.all(Array.from({ length: count }, () => listen(createServer(serve))));
    // Listening TCP servers have an AddressInfo.
    return servers.map((server) => (server.address() as AddressInfo).port);
  },
  /** How many connections are open. */
  connections: (): number => open,
};
export type FloorCommands = typeof commands;

const listen = (server: Server): Promise<Server> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, FLOOR_HOST, () => resolve(server));
  });

serveCommands(commands);
