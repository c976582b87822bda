import { connect, type Socket } from 'node:net';

/** How many bytes go over each connection: those of hello, push and acknowledgement of the real protocol. */
export interface ExchangeSizes {
  readonly helloBytes: number;
  readonly pushBytes: number;
  readonly ackBytes: number;
}

/**
 * Where the other side listens. Linux has a whole network of loopback addresses, and with one of its own the floor
 * does not compete with the simulated hosts for ports: 10,000 of each are most of what there is.
 */
export const FLOOR_HOST = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

/** Connects to every port, hears hello, pushes, hears the acknowledgement; at most `concurrency` at a time. */
export async function exchangeCold(
  ports: readonly number[],
  sizes: ExchangeSizes,
  concurrency: number,
): Promise<Socket[]> {
  const push = Buffer.alloc(sizes.pushBytes);
  const sockets: Socket[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let port = ports[next++]; port !== undefined; port = ports[next++]) {
      const socket = connect({ port, host: FLOOR_HOST, noDelay: true });
      sockets.push(socket);
      await receive(socket, sizes.helloBytes);
      socket.write(push);
      await receive(socket, sizes.ackBytes);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, ports.length) }, work));
  return sockets;
}

/** Pushes over open connections and hears every acknowledgement. */
export async function exchangeWarm(sockets: readonly Socket[], sizes: ExchangeSizes): Promise<void> {
  const push = Buffer.alloc(sizes.pushBytes);
  await Promise.all(
    sockets.map((socket) => {
      const acknowledged = receive(socket, sizes.ackBytes);
      socket.write(push);
      return acknowledged;
    }),
  );
}

function receive(socket: Socket, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing = bytes;
    const onData = (chunk: Buffer): void => {
      missing -= chunk.length;
      if (missing > 0) return;
      socket.off('data', onData).off('error', reject);
      resolve();
    };
    socket.on('data', onData).on('error', reject);
  });
}
