import { once } from 'node:events';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChannelAddress } from '@hostmesh/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { frameOf, opcodes } from '../channel/framing.ts';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../message/common.ts';
import { encodeAnswer } from '../message/encode.ts';
import { VERSION_HEADER } from '../message/version.ts';
import type { AgentKey } from '../proof/agent-key.ts';
import { agentSide, clientSide, newNonce, NONCE_HEADER } from '../proof/proof.ts';
import { anAgentKey, testAgentKey } from '../testing/agent-keys.ts';
import { aHello, aKeepalive, alive, anEvent, streamingFrom } from '../testing/builders.ts';
import { serveRaw } from '../testing/raw-server.ts';
import { Wire } from '../testing/wire.ts';
import type { ConnectFault, Transport } from '../transport.ts';
import { createTransport, type TransportOptions } from './create-transport.ts';
import { acceptOf, readUpgradeAnswer, upgradeRequest } from './upgrade.ts';

const headerOf = (request: string, name: string): string =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(request)?.[1]?.trim() ?? '';
const ours = `Sec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n${VERSION_HEADER}: ${PROTOCOL_VERSION}\r\n`;
const switching = (request: string, said = ours): string => {
  const accept = `Sec-WebSocket-Accept: ${acceptOf(headerOf(request, 'Sec-WebSocket-Key'))}\r\n`;
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${accept}${said}\r\n`;
};
const frame = (text: string): Buffer => frameOf(Buffer.from(text), opcodes.text, false);
const saidWith = (key: AgentKey, request: string): string[] =>
  Object.entries(agentSide(key, headerOf(request, NONCE_HEADER)).headers).map(
    ([name, value]) => `${name}: ${value}`,
  );
/** All that an agent says at first. */
const greeting = (request: Buffer): Buffer => {
  const side = agentSide(testAgentKey, headerOf(request.toString(), NONCE_HEADER));
  const proof = Object.entries(side.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const accepted = switching(request.toString(), ours + proof.join(''));
  return Buffer.concat([Buffer.from(accepted), frame(side.seal(JSON.stringify(aHello())))]);
};
const PROOF_BYTES = 76;

let transport: Transport;
beforeEach(() => {
  transport = createTransport({ agentKey: testAgentKey });
});
afterEach(() => transport.close());

async function faultOf(address: ChannelAddress, options: TransportOptions = {}): Promise<ConnectFault> {
  await using own = {
    transport: createTransport({ agentKey: testAgentKey, ...options }),
    [Symbol.asyncDispose]: () => own.transport.close(),
  };
  const connected = await own.transport.connect(address);
  if (connected.ok) throw new Error('connected');
  return connected.fault;
}

describe('a peer that answers the handshake', () => {
  /** Sends what `answer` makes of the client's request. */
  const faultAfter = async (answer: (request: string) => string): Promise<ConnectFault> => {
    await using server = await serveRaw((socket) =>
      socket.once('data', (request) => socket.write(answer(request.toString()))),
    );
    return await faultOf(server.address);
  };
  const status = (line: string, headers = ''): string =>
    `HTTP/1.1 ${line}\r\n${headers}Content-Length: 0\r\n\r\n`;

  test.each<[string, (request: string) => string]>([
    ['as another protocol does', () => 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['with a page', () => status('200 OK')],
    ['that there is no such path', () => status('404 Not Found')],
    ['without a subprotocol', (request) => switching(request, '')],
    [
      'with a subprotocol that was not asked for',
      (request) => switching(request, 'Sec-WebSocket-Protocol: chat\r\n'),
    ],
    ['without having read the key', () => switching('Sec-WebSocket-Key: other')],
    ['without an end', () => `HTTP/1.1 101 Switching Protocols\r\n${'X: y\r\n'.repeat(4_000)}`],
  ])('%s is not an agent', async (_how, answer) => {
    const fault = await faultAfter(answer);
    expect(fault).toMatchObject({ code: 'NOT_AN_AGENT', phase: 'handshaking', retryable: false });
  });

  test('with a newer subprotocol of ours needs an upgrade of one side', async () => {
    const newer = 'Sec-WebSocket-Protocol: hostmesh.agent.v2\r\n';
    const fault = await faultAfter(() => status('400 Bad Request', newer));
    expect(fault).toMatchObject({ code: 'PROTOCOL_VERSION', retryable: false });
  });

  test('is understood however its bytes are cut', async () => {
    await using server = await serveRaw((socket) =>
      socket.once('data', (request) => {
        socket.setNoDelay();
        const bytes = greeting(request);
        const drip = (at: number): void => {
          if (at < bytes.length) socket.write(bytes.subarray(at, at + 1), () => setImmediate(drip, at + 1));
        };
        drip(0);
      }),
    );
    const connected = await transport.connect(server.address);
    expect(connected.ok && connected.value.hello).toEqual(aHello());
  });

  test('by hanging up without a word speaks another protocol, or boots: it may be dialled again', async () => {
    const wordless = { code: 'NOT_AN_AGENT', retryable: true, message: expect.stringContaining('Monarch') };
    await using server = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await faultOf(server.address)).toMatchObject(wordless);
    await using other = await serveRaw((socket) => socket.once('data', () => socket.end()));
    expect(await faultOf(other.address)).toMatchObject(wordless);
  });

  test.each<[string, (request: string) => string[], RegExp]>([
    ['nothing', () => [], /it may have none/],
    ['another key', (request) => saidWith(anAgentKey('the key of other agents'), request), /another one/],
    [
      'our own nonce and nothing else',
      (request) => [`${NONCE_HEADER}: ${headerOf(request, NONCE_HEADER)}`],
      /another one/,
    ],
    [
      'the proof of another connection',
      () => saidWith(testAgentKey, `${NONCE_HEADER}: ${newNonce()}`),
      /another one/,
    ],
  ])('and proves with %s that it has the key hears no more of us', async (_how, said, why) => {
    const heard: Buffer[] = [];
    const ended = Promise.withResolvers<void>();
    await using server = await serveRaw((socket) => {
      socket.on('close', () => ended.resolve());
      socket.on('data', (request) => {
        heard.push(request);
        const headers = said(request.toString()).map((each) => `${each}\r\n`);
        socket.write(switching(request.toString(), ours + headers.join('')));
      });
    });
    const fault = await faultOf(server.address);
    expect(fault).toMatchObject({
      code: 'UNAUTHORIZED',
      retryable: false,
      message: expect.stringMatching(why),
    });
    await ended.promise;
    const told = Buffer.concat(heard).toString();
    expect(told).toMatch(/^GET [^]*\r\n\r\n$/);
    expect(told).not.toMatch(/Authorization|proof/i);
  });

  test('may hang up in the middle of its answer', async () => {
    await using server = await serveRaw((socket) => socket.once('data', () => socket.end('HTTP/1.1 101')));
    expect(await faultOf(server.address)).toMatchObject({ code: 'ECONNRESET', retryable: true });
  });
});

describe('an open connection', () => {
  /** Greets, then does as `then` says with the first request. */
  const misbehaving = (then: (socket: Socket) => void): Promise<Awaited<ReturnType<typeof serveRaw>>> =>
    serveRaw((socket) =>
      socket.once('data', (request) => {
        socket.write(greeting(request));
        let heard = 0;
        socket.on('data', function more({ length }: Buffer) {
          heard += length;
          if (heard > PROOF_BYTES) then(socket.off('data', more));
        });
      }),
    );
  const outcomeAfter = async (then: (socket: Socket) => void): Promise<unknown> => {
    await using server = await misbehaving(then);
    const connected = await transport.connect(server.address);
    return connected.ok && (await connected.value.request(aKeepalive('1')));
  };
  const answer = frame(encodeAnswer('1', alive));

  test('waits for the second half of a frame', async () => {
    const outcome = await outcomeAfter((socket) =>
      socket.write(answer.subarray(0, 40), () => setImmediate(() => socket.write(answer.subarray(40)))),
    );
    expect(outcome).toMatchObject({ ok: true });
  });

  test('takes many frames in one packet, and messages in several frames', async () => {
    const text = encodeAnswer('1', alive);
    const first = Buffer.concat([Buffer.from([0x01, 100]), Buffer.from(text.slice(0, 100))]);
    const rest = Buffer.from(text.slice(100));
    const last = Buffer.concat([Buffer.from([0x80, rest.length]), rest]);
    const outcome = await outcomeAfter((socket) =>
      socket.write(Buffer.concat([frame(JSON.stringify(anEvent(1))), first, last])),
    );
    expect(outcome).toMatchObject({ ok: true });
  });

  test('that ends in the middle of a frame has ended', async () => {
    const outcome = await outcomeAfter((socket) => socket.end(answer.subarray(0, 40)));
    expect(outcome).toMatchObject({ fault: { kind: 'closed', code: 'CLOSED' } });
  });

  test('that is reset says so', async () => {
    const outcome = await outcomeAfter((socket) => socket.resetAndDestroy());
    expect(outcome).toMatchObject({
      fault: { kind: 'closed', code: 'ECONNRESET', message: 'connection reset' },
    });
  });

  test.each([
    ['bytes that are no frames', Buffer.from('HTTP/1.1 500 Oops\r\n\r\n')],
    ['binary frames', frameOf(Buffer.from('{}'), 2, false)],
    ['masked frames', frameOf(Buffer.from('{}'), opcodes.text, true)],
    ['text that is not UTF-8', frameOf(Buffer.from([0xff, 0xfe]), opcodes.text, false)],
  ])('is closed as BAD_FRAME on %s', async (_what, bytes) => {
    expect(await outcomeAfter((socket) => socket.write(bytes))).toMatchObject({
      fault: { code: 'BAD_FRAME' },
    });
  });

  test('does not read a frame over the limit, only its length', async () => {
    const header = Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(await outcomeAfter((socket) => socket.write(header))).toMatchObject({
      fault: { code: 'FRAME_TOO_LARGE' },
    });
  });

  test('answers pings', async () => {
    const pong = Promise.withResolvers<Buffer>();
    await using server = await misbehaving((socket) => {
      socket.once('data', pong.resolve);
      socket.write(frameOf(Buffer.from('still there?'), 9, false));
    });
    const connected = await transport.connect(server.address);
    if (connected.ok) void connected.value.request(aKeepalive());
    expect((await pong.promise)[0]).toBe(0x80 | opcodes.pong);
  });

  test('that we close is gone soon even if the peer never ends its side', async () => {
    const peer = Promise.withResolvers<Socket>();
    await using server = await misbehaving((socket) => {
      socket.pause();
      peer.resolve(socket);
    });
    const connected = await transport.connect(server.address);
    if (connected.ok) void connected.value.request(aKeepalive());
    await peer.promise;
    await transport.close();
    expect(connected.ok && (await connected.value.closed).code).toBe('CLOSED');
  });
});

describe('names', () => {
  test('are resolved by the given lookup when dialling, and all their addresses are tried', async () => {
    const wire = await Wire.create('tcp');
    await using _ = wire;
    const { address } = await wire.serve();
    const lookup: LookupFunction = (_name, _options, answer) =>
      answer(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const port = address.kind === 'tcp' ? address.port : 0;
    const connection = await wire.connect({ kind: 'tcp', host: 'gpu001', port }, { lookup });
    expect(connection.address).toEqual({ kind: 'tcp', host: 'gpu001', port });
  });

  test('whose addresses all fail are refused if one of them was', async () => {
    await using gone = await serveRaw(() => {});
    await gone[Symbol.asyncDispose]();
    const lookup: LookupFunction = (_name, _options, answer) =>
      answer(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]);
    const fault = await faultOf({ ...gone.address, host: 'gpu001' }, { lookup });
    expect(fault).toMatchObject({ code: 'ECONNREFUSED', message: 'connection refused', phase: 'connecting' });
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN'])('that do not resolve say so (%s)', async (code) => {
    const lookup: LookupFunction = (_name, _options, answer) =>
      answer(Object.assign(new Error(`getaddrinfo ${code}`), { code }), []);
    const fault = await faultOf({ kind: 'tcp', host: 'gpu001', port: 1 }, { lookup });
    expect(fault).toMatchObject({ code, phase: 'connecting', retryable: true });
  });
});

describe('addresses', () => {
  test.each(['metatls', 'quic', 'metaquic', 'tls'] as const)(
    'of kind %s need support that is not there',
    async (kind) => {
      const fault = await faultOf({ kind, host: 'gpu001', port: 443 });
      expect(fault).toMatchObject({ code: 'UNSUPPORTED_ADDRESS', phase: 'connecting', retryable: false });
    },
  );

  test('with an alias are dialled at its dial half', async () => {
    await using wire = await Wire.create('tcp');
    const { address: dial } = await wire.serve();
    if (dial.kind !== 'tcp') throw new Error('not on a port');
    const alias = { kind: 'alias', dial, bind: { kind: 'tcp', host: '0.0.0.0', port: 1 } } as const;
    expect((await wire.connect(alias)).address).toEqual(alias);
  });
});

test('a client that does not read is closed as SLOW_CLIENT, and others go on', async () => {
  await using wire = await Wire.create('tcp');
  const deafStreams = Promise.withResolvers<AbortSignal>();
  const agent = await wire.serve(
    {
      request: ({ id }, { signal }) => {
        if (id === 'deaf') deafStreams.resolve(signal);
        return streamingFrom(0);
      },
    },
    { maxBufferedBytes: 100_000 },
  );
  const stream = (id: string) => ({ type: 'stream_state', id, after: null }) as const;
  const good = await wire.connect(agent.address);
  await good.request(stream('good'));
  let last = 0;
  good.onEvent(({ seq }) => (last = seq));

  const deaf = connect(agent.address.kind === 'tcp' ? agent.address.port : 0, '127.0.0.1');
  const { text, accept, nonce } = upgradeRequest('agent');
  deaf.write(text);
  const [answered] = await once(deaf, 'data');
  deaf.pause();
  const answer = readUpgradeAnswer(answered, accept);
  const said = answer.kind === 'accepted' ? answer.said : undefined;
  const side = clientSide(testAgentKey, { client: nonce, agent: said?.nonce ?? '' }, said?.proof ?? '');
  for (const frame of [side?.proof ?? '', JSON.stringify(stream('deaf'))])
    deaf.write(frameOf(Buffer.from(frame), opcodes.text, true));
  const closed = await deafStreams.promise;
  const read: Buffer[] = [];
  deaf.on('data', (bytes) => read.push(bytes));
  deaf.pause();
  const ended = once(deaf, 'close');
  // It reads again as soon as it is closed: whoever is closed has little time to read why.
  closed.addEventListener('abort', () => deaf.resume());
  let seq = 0;
  while (!closed.aborted) {
    for (let batch = 0; batch < 50; batch += 1) agent.publish(anEvent((seq += 1)));
    await good.request(aKeepalive());
  }
  expect(last).toBe(seq);
  await ended;
  expect(Buffer.concat(read).toString('latin1')).toMatch(/SLOW_CLIENT: [^:]*$/);
});

test('a thousand connections that were opened and closed leave nothing behind', async () => {
  await using wire = await Wire.create('tcp');
  const before = process.getActiveResourcesInfo();
  const agent = await wire.serve();
  const { signal } = new AbortController();
  const connecting = Array.from({ length: 1_000 }, () => transport.connect(agent.address, { signal }));
  const connections = await Promise.all(connecting);
  expect(connections.every((each) => each.ok)).toBe(true);
  expect(agent.connections.size).toBe(1_000);
  await transport.close();
  await agent.close();
  // A handle is closed at the end of the turn in which that was asked for.
  await nextTurn();
  await nextTurn();
  expect(agent.connections.size).toBe(0);
  const left = process.getActiveResourcesInfo();
  for (const each of before) if (left.includes(each)) left.splice(left.indexOf(each), 1);
  expect(left).toEqual([]);
});
