import { once } from 'node:events';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChannelAddress } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import { testAgentKey } from '../testing/agent-keys.ts';
import { serveNothing, serveRaw } from '../testing/raw-server.ts';
import { Wire } from '../testing/wire.ts';
import type { ConnectFault } from '../transport.ts';
import { createTransport, type TransportOptions } from './create-transport.ts';

describe('aborting ends at once', () => {
  const hangsIn = async (
    address: ChannelAddress,
    reached: Promise<unknown>,
    options: TransportOptions = {},
  ): Promise<ConnectFault | 'pending'> => {
    await using own = {
      transport: createTransport({ agentKey: testAgentKey, ...options }),
      [Symbol.asyncDispose]: () => own.transport.close(),
    };
    const deadline = new AbortController();
    const connected = own.transport.connect(address, { signal: deadline.signal });
    await Promise.race([reached, connected]);
    deadline.abort();
    const settled = await Promise.race([connected, nextTurn('pending' as const)]);
    return settled === 'pending' || settled.ok ? 'pending' : settled.fault;
  };

  test('a name resolution that hangs, and drops its late result', async () => {
    const asked = Promise.withResolvers<Parameters<LookupFunction>[2]>();
    await using server = await serveRaw(() => {});
    const address = { ...server.address, host: 'gpu001' };
    const lookup: LookupFunction = (_name, _options, answer) => asked.resolve(answer);
    const fault = await hangsIn(address, asked.promise, { lookup });
    expect(fault).toMatchObject({ code: 'ABORTED', phase: 'connecting' });
    (await asked.promise)(null, [{ address: '127.0.0.1', family: 4 }]);
  });

  test('a connect whose packets vanish', async () => {
    await using server = await serveNothing();
    const fillers = Array.from({ length: 8 }, () => connect(server.address.port, server.address.host));
    // Those that fit into the queue are connected by then; the others never will be.
    for (const each of fillers) each.on('error', () => {});
    await once(fillers[0] as Socket, 'connect');
    await nextTurn();
    const fault = await hangsIn(server.address, nextTurn());
    expect(fault).toMatchObject({ code: 'ABORTED', phase: 'connecting' });
    for (const each of fillers) each.destroy();
  });

  test('a TLS handshake that hangs', async () => {
    await using wire = await Wire.create('tls');
    const heard = Promise.withResolvers<Buffer>();
    await using server = await serveRaw((socket) => socket.once('data', heard.resolve));
    const deadline = new AbortController();
    const connected = wire
      .transport()
      .connect({ ...server.address, kind: 'tls' }, { signal: deadline.signal });
    await heard.promise;
    deadline.abort();
    const settled = await Promise.race([connected, nextTurn('pending')]);
    expect(settled).toMatchObject({ fault: { code: 'ABORTED', phase: 'handshaking' } });
  });

  test('a WebSocket handshake that hangs', async () => {
    const heard = Promise.withResolvers<Buffer>();
    const ended = Promise.withResolvers<void>();
    await using server = await serveRaw((socket) => {
      socket.once('data', heard.resolve);
      socket.on('close', () => ended.resolve());
    });
    const fault = await hangsIn(server.address, heard.promise);
    expect(fault).toMatchObject({ code: 'ABORTED', phase: 'handshaking' });
    await ended.promise;
  });
});
