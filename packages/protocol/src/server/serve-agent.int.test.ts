import { once } from 'node:events';
import { link, unlink } from 'node:fs/promises';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { AGENT_PATH, PROTOCOL_VERSION, SUBPROTOCOL } from '../message/common.ts';
import { VERSION_HEADER } from '../message/version.ts';
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
    const agent = await wire.serve({}, { agentKey: 'right' });
    expect(await upgrade(agent, {})).toBe(401);
    expect(await upgrade(agent, { Authorization: 'Bearer wrong' })).toBe(401);
    expect(await upgrade(agent, { Authorization: 'right' })).toBe(401);
    expect(await upgrade(agent, { Authorization: 'Bearer right' })).toBe(101);
    const unauthorized = { code: 'UNAUTHORIZED', phase: 'handshaking', retryable: false };
    for (const options of [{}, { agentKey: 'wrong' }]) {
      const connected = await wire.transport(options).connect(agent.address);
      expect(connected).toMatchObject({ ok: false, fault: unauthorized });
    }
    expect(await wire.connect(agent.address, { agentKey: 'right' })).toBeDefined();
  });

  test.each([undefined, '1', '3', 'x'])(
    'with a client of protocol version %s says hello, refuses, and says which side to upgrade',
    async (version) => {
      const agent = await wire.serve();
      const headers = version === undefined ? {} : { [VERSION_HEADER]: version };
      const socket = new WebSocket(`${urlOf(agent)}${AGENT_PATH}`, SUBPROTOCOL, { headers });
      const hello = once(socket, 'message');
      const [code, reason] = await once(socket, 'close');
      expect(JSON.parse(String((await hello)[0]))).toMatchObject({ protocolVersion: PROTOCOL_VERSION });
      const upgrade = version === '3' ? 'the agent' : 'Hostmesh where the client runs';
      const spoken = version === '3' ? 3 : 1;
      expect([code, String(reason)]).toEqual([
        1002,
        `PROTOCOL_VERSION: the agent speaks protocol version 2, the client ${spoken}: upgrade ${upgrade}`,
      ]);
    },
  );

  test('is refused to web pages, with or without a key', async () => {
    const agent = await wire.serve({}, { agentKey: 'right' });
    const page = { Origin: 'http://127.0.0.1:3000', Authorization: 'Bearer right' };
    expect(await upgrade(agent, page)).toBe(403);
    expect(await upgrade(await wire.serve(), { Origin: 'null' })).toBe(403);
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
