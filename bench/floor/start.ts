import type { Socket } from 'node:net';
import { type CommandProcess, forkCommands, hostsPerProcess } from '@hostmesh/testkit';
import { drained } from '../measure/drained.ts';
import { exchangeCold, exchangeWarm, type ExchangeSizes } from './exchange.ts';
import type { FloorCommands } from './server.ts';

/** As many connections at a time as the engine opens. */
const CONCURRENCY = 1024;

/** The exchange of an attach over bare TCP: what no implementation on this machine can be faster than. */
export interface Floor extends AsyncDisposable {
  /** Connects and exchanges; milliseconds. */
  cold(): Promise<number>;
  /** Exchanges over the connections of `cold`, and ends them afterwards; milliseconds. */
  warm(): Promise<number>;
}

/** Starts the other side in as many processes as the simulated hosts take. */
export async function startFloor(hostCount: number, sizes: ExchangeSizes): Promise<Floor> {
  const perServer = hostsPerProcess();
  await using stack = new AsyncDisposableStack();
  const servers: CommandProcess<FloorCommands>[] = [];
  const ports: number[] = [];
  for (let first = 0; first < hostCount; first += perServer) {
    const server = stack.use(forkCommands<FloorCommands>(new URL('./server.ts', import.meta.url)));
    servers.push(server);
    ports.push(...(await server.call('listen', Math.min(perServer, hostCount - first), sizes)));
  }
  const owned = stack.move();
  let sockets: Socket[] = [];
  return {
    cold: async () => {
      const began = performance.now();
      sockets = await exchangeCold(ports, sizes, CONCURRENCY);
      return performance.now() - began;
    },
    warm: async () => {
      const began = performance.now();
      await exchangeWarm(sockets, sizes);
      const ms = performance.now() - began;
      for (const socket of sockets) socket.destroy();
      for (const server of servers) await drained(() => server.call('connections'));
      return ms;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
