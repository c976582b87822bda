import { once } from 'node:events';
import { link, unlink } from 'node:fs/promises';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { AGENT_PATH, PROTOCOL_VERSION, SUBPROTOCOL } from '../message/common.ts';
import { VERSION_HEADER } from '../message/version.ts';
import { newNonce, NONCE_HEADER } from '../proof/proof.ts';
import { anAgentKey } from '../testing/agent-keys.ts';
import { aKeepalive, streamingFrom } from '../testing/builders.ts';
import { Wire } from '../testing/wire.ts';
import type { AgentServer } from './serve-agent.ts';

let wire: Wire;
beforeEach(async () => {
  wire = await Wire.create('tcp');
});
afterEach(() => wire[Symbol.asyncDispose]());

const urlOf = ({ address }: AgentServer): string =>
  `http://127.0.0.1:${address.kind === 'tcp' ? address.port : 0}`;

/** The status that an upgrade gets: 101 when it opened a channel. */
async function upgrade(
  agent: AgentServer,
  headers: OutgoingHttpHeaders,
  path = AGENT_PATH,
): Promise<number | undefined> {
  const whole = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol': SUBPROTOCOL,
    [VERSION_HEADER]: PROTOCOL_VERSION,
    [NONCE_HEADER]: newNonce(),
    ...headers,
  };
  const request = httpRequest(`${urlOf(agent)}${path}`, { headers: whole, agent: false });
  const status = new Promise<number | undefined>((resolve, reject) => {
    request.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
  });
  request.end();
  return status;
}

describe('plain HTTP', () => {
  test('is answered by the given handler, path by path', async () => {
    const agent = await wire.serve(
      {},
      {
        onHttp: (path) =>
          path === '/healthz' ? { status: 200, contentType: 'text/plain', body: 'fine\n' } : undefined,
      },
    );
    const health = await fetch(`${urlOf(agent)}/healthz?verbose=1`);
    expect([health.status, await health.text()]).toEqual([200, 'fine\n']);
    expect((await fetch(`${urlOf(agent)}/healthz`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${urlOf(agent)}/secrets`)).status).toBe(404);
    expect(await upgrade(agent, { Upgrade: 'h2c' }, '/healthz')).toBe(200);
    expect((await fetch(`${urlOf(agent)}/healthz`, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  test('says nothing of a bug of the handler but that there is one', async () => {
    const bugs: unknown[] = [];
    const bug = new Error('secret');
    const agent = await wire.serve(
      {},
      { onHttp: () => Promise.reject(bug), onBug: (error) => bugs.push(error) },
    );
    const answer = await fetch(`${urlOf(agent)}/healthz`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(bugs).toEqual([bug]);
  });
});

describe('a channel', () => {
  test('is opened by a valid handshake on the right path only', async () => {
    const agent = await wire.serve();
    expect(await upgrade(agent, {})).toBe(101);
    expect(await upgrade(agent, { 'Sec-WebSocket-Protocol': `chat, ${SUBPROTOCOL}` })).toBe(101);
    expect(await upgrade(agent, {}, '/elsewhere')).toBe(404);
    for (const wrong of [
      { 'Sec-WebSocket-Protocol': 'chat' },
      { 'Sec-WebSocket-Version': '8' },
      { 'Sec-WebSocket-Key': 'short' },
    ]) {
      expect(await upgrade(agent, wrong), JSON.stringify(wrong)).toBe(400);
    }
  });

  test('needs the agent key where there is one', async () => {
    const agent = await wire.serve();
    expect(await upgrade(agent, { [NONCE_HEADER]: 'short' })).toBe(401);
    expect(await upgrade(agent, { [NONCE_HEADER]: '' })).toBe(401);
    expect(await upgrade(agent, {})).toBe(101);
    const other = { agentKey: anAgentKey('the key of other agents') };
    expect(await wire.transport(other).connect(agent.address)).toMatchObject({
      ok: false,
      fault: { code: 'UNAUTHORIZED', phase: 'handshaking', retryable: false },
    });
    expect(await wire.transport({ agentKey: undefined }).connect(agent.address)).toMatchObject({
      fault: { code: 'NO_AGENT_KEY', phase: 'connecting' },
    });
    expect(await wire.connect(agent.address)).toBeDefined();
  });

  test('tells a client nothing and does nothing for it before the proof', async () => {
    const asked: unknown[] = [];
    const agent = await wire.serve({
      request: ({ id }) => {
        asked.push(id);
        return streamingFrom(0);
      },
    });
    for (const first of [
      JSON.stringify({ type: 'stream_state', id: 'x', after: null }),
      '{"type":"proof","proof":""}',
      'x',
    ]) {
      const headers = { [NONCE_HEADER]: newNonce(), [VERSION_HEADER]: PROTOCOL_VERSION };
      const socket = new WebSocket(`${urlOf(agent)}${AGENT_PATH}`, SUBPROTOCOL, { headers });
      const heard: string[] = [];
      socket.on('message', (data) => heard.push(String(data)));
      await once(socket, 'open');
      socket.send(first);
      const [code, reason] = await once(socket, 'close');
      expect([code, String(reason)]).toEqual([3000, 'UNAUTHORIZED: this is no proof of the key']);
      expect(heard.map((text) => JSON.parse(text).type)).toEqual(['sealed_hello']);
      expect(heard.join()).not.toContain('host-1');
    }
    expect(asked).toEqual([]);
    await vi.waitFor(() => expect(agent.connections.size).toBe(0));
  });

  test('keeps no more than 256 clients that do not prove themselves, and serves one that does', async () => {
    const agent = await wire.serve();
    const headers = { [NONCE_HEADER]: newNonce(), [VERSION_HEADER]: PROTOCOL_VERSION };
    const idle = Array.from(
      { length: 300 },
      () => new WebSocket(`${urlOf(agent)}${AGENT_PATH}`, SUBPROTOCOL, { headers }),
    );
    let ended = 0;
    for (const socket of idle) socket.on('error', () => {}).on('close', () => (ended += 1));
    await vi.waitFor(() => expect(ended).toBe(44), 30_000);
    expect(await (await wire.connect(agent.address)).request(aKeepalive())).toMatchObject({ ok: true });
    for (const socket of idle) socket.terminate();
  });

  test.each([undefined, '1', '2', '4', 'x'])(
    'with a client of protocol version %s says hello, refuses, and says which side to upgrade',
    async (version) => {
      const agent = await wire.serve();
      const headers = version === undefined ? {} : { [VERSION_HEADER]: version };
      const socket = new WebSocket(`${urlOf(agent)}${AGENT_PATH}`, SUBPROTOCOL, { headers });
      const hello = once(socket, 'message');
      const [code, reason] = await once(socket, 'close');
      const told = { type: 'hello', protocolVersion: PROTOCOL_VERSION };
      expect(JSON.parse(String((await hello)[0]))).toEqual(told);
      const spoken = version === '4' || version === '2' ? Number(version) : 1;
      const upgrade = spoken === 4 ? 'the agent' : 'Hostmesh where the client runs';
      expect([code, String(reason)]).toEqual([
        1002,
        `PROTOCOL_VERSION: the agent speaks protocol version 3, the client ${spoken}: upgrade ${upgrade}`,
      ]);
    },
  );

  test('is refused to web pages', async () => {
    const agent = await wire.serve();
    expect(await upgrade(agent, { Origin: 'http://127.0.0.1:3000' })).toBe(403);
    expect(await upgrade(agent, { Origin: 'null' })).toBe(403);
  });
});

test.each(['tcp', 'tls'] as const)(
  'over %s, a client that never begins does not keep an agent from closing',
  async (kind) => {
    await using own = await Wire.create(kind);
    const agent = await own.serve();
    const socket = connect('port' in agent.address ? agent.address.port : 0, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    // The agent has taken it by the time it has answered a later one.
    await own.connect(agent.address);
    await agent.close();
    if (!socket.closed) await once(socket, 'close');
  },
);

describe('listening', () => {
  test.each(['tcp', 'unix-abstract'] as const)(
    'on %s: where any user can connect needs a key',
    async (kind) => {
      await using own = await Wire.create(kind);
      await expect(own.serve({}, { agentKey: undefined })).rejects.toThrow(/an agent key is needed/);
    },
  );

  test('new clients need the key that was renewed, and those that are connected stay', async () => {
    const agent = await wire.serve();
    const before = await wire.connect(agent.address);
    const agentKey = anAgentKey('the key that comes after it');
    agent.renewKey(agentKey);
    expect(await wire.transport().connect(agent.address)).toMatchObject({ fault: { code: 'UNAUTHORIZED' } });
    expect(await (await wire.connect(agent.address, { agentKey })).request(aKeepalive())).toMatchObject({
      ok: true,
    });
    expect(await before.request(aKeepalive())).toMatchObject({ ok: true });
  });

  test('takes over the socket file of an agent that was killed, and not that of one that runs', async () => {
    await using unix = await Wire.create('unix');
    const address = unix.freshAddress();
    if (address.kind !== 'unix') throw new Error('not a path');
    const killed = createServer().listen(address.path);
    await once(killed, 'listening');
    await link(address.path, `${address.path}.kept`);
    await expect(unix.serve({}, { listen: address })).rejects.toThrow(/is taken/);
    killed.close();
    await once(killed, 'close');
    await link(`${address.path}.kept`, address.path);
    await unlink(`${address.path}.kept`);
    const agent = await unix.serve({}, { listen: address });
    expect((await unix.connect(agent.address)).hello.hostId).toBe('host-1');
  });

  test.each(['metatls', 'quic', 'metaquic'] as const)('on %s: is not supported', async (kind) => {
    await expect(wire.serve({}, { listen: { kind, host: '127.0.0.1', port: 0 } })).rejects.toThrow(
      /not supported/,
    );
  });

  test('on an alias happens at its bind half, and is known by its dial half', async () => {
    const dial = { kind: 'tcp', host: 'gpu001', port: 26600 } as const;
    const bind = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
    expect((await wire.serve({}, { listen: { kind: 'alias', dial, bind } })).address).toEqual(dial);
  });
});
