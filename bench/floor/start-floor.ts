import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { emptyLayers, type ChannelAddress } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { createTransport, encodeAnswer, encodeRequest } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { forkCommands, hostsPerProcess, type CommandProcess } from '@hostmesh/testkit';
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

const POLL_EVERY_MS = 10;

/** Waits until the other side has no connection any more: what it does about their end is not for the next to pay. */
export async function drained(connections: () => Promise<number>): Promise<void> {
  while ((await connections()) > 0) await delay(POLL_EVERY_MS);
}

/** How many bytes an attach really exchanges with this host. */
export async function measureSizes(address: ChannelAddress): Promise<ExchangeSizes> {
  const { digest, attrs } = makeSnapshot(emptyLayers);
  const epoch = Date.now() * 1000;
  const id = `push-${epoch}`;
  const owner = { clientId: 'bench', label: 'bench' };
  const push = encodeRequest({ type: 'set_client_config', id, epoch, owner, digest, attrs: { ...attrs } });
  const transport = createTransport({ agentKey: testAgentKey });
  try {
    const connected = await transport.connect(address);
    if (!connected.ok) throw new Error(connected.fault.message);
    const answer = await connected.value.request(push);
    if (!answer.ok) throw new Error(answer.fault.message);
    return {
      helloBytes: Buffer.byteLength(JSON.stringify(connected.value.hello)),
      pushBytes: push.bytes.length,
      ackBytes: Buffer.byteLength(encodeAnswer(id, { ok: true, result: answer.value })),
    };
  } finally {
    await transport.close();
  }
}
