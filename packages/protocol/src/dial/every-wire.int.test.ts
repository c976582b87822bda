import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FrameChannel, FrameListener } from '../channel/frame-channel.ts';
import { encodeAnswer, encodeRequest, type AgentReply } from '../message/encode.ts';
import type { AgentRequest } from '../message/request.ts';
import { aHello, aKeepalive, alive, anEvent } from '../testing/builders.ts';
import { Wire, wireKinds } from '../testing/wire.ts';
import type { Closed, ConnectFault } from '../transport.ts';

/** A channel's other end: says `frames`, then does with each request as `onRequest` says. */
function saying(
  frames: readonly string[],
  onRequest: (id: string, channel: FrameChannel) => void = () => {},
): (channel: FrameChannel) => void {
  return (channel) => {
    // Tests send requests of their own making.
    const frame = (text: string): void => onRequest((JSON.parse(text) as { id: string }).id, channel);
    channel.listen({ frame, ended: () => {} });
    for (const each of frames) channel.send(each);
  };
}
const greeting = JSON.stringify(aHello());
const never = (): Promise<AgentReply> => new Promise(() => {});
/** What a promise has come to within the turn of the event loop in which one asks. */
const already = <T>(promise: Promise<T>): Promise<T | 'pending'> =>
  Promise.race([promise, nextTurn('pending' as const)]);

describe.each(wireKinds)('over %s', (kind) => {
  let wire: Wire;
  beforeEach(async () => {
    wire = await Wire.create(kind);
  });
  afterEach(() => wire[Symbol.asyncDispose]());

  const refusal = async (...args: Parameters<Wire['serveChannels']>): Promise<ConnectFault> => {
    const connected = await wire.transport().connect(await wire.serveChannels(...args));
    if (connected.ok) throw new Error('connected');
    return connected.fault;
  };
  /** Everything that an agent hears on its first channel, until it ends. */
  const listenTo = (channel: FrameChannel): Promise<Closed> =>
    new Promise((ended) => channel.listen({ frame: () => {}, ended } satisfies FrameListener));

  describe('connecting', () => {
    test('yields what the agent said in its hello', async () => {
      const agent = await wire.serve({ hello: () => aHello({ hostId: 'host-7', lastSeq: 41 }) });
      const { hello, address } = await wire.connect(agent.address);
      expect(hello).toEqual(aHello({ hostId: 'host-7', lastSeq: 41 }));
      expect(address).toEqual(agent.address);
    });

    test('tells when the peer is reached, before it has said hello', async () => {
      const phases: string[] = [];
      const agent = await wire.serve({
        hello: () => {
          phases.push('hello');
          return aHello();
        },
      });
      await wire.connect(agent.address, { onHandshaking: () => phases.push('handshaking') });
      expect(phases).toEqual(['handshaking', 'hello']);
    });

    test('fails at once, and may be tried again, where nobody listens', async () => {
      const agent = await wire.serve();
      await agent.close();
      const connected = await wire.transport().connect(agent.address);
      expect(connected).toMatchObject({ ok: false, fault: { phase: 'connecting', retryable: true } });
      const gone = kind === 'unix' ? 'ENOENT' : 'ECONNREFUSED';
      expect(connected).toMatchObject({ fault: { code: gone } });
    });

    test('refuses what says no valid hello first', async () => {
      expect(await refusal(saying(['hello?']))).toMatchObject({ code: 'BAD_HELLO', phase: 'handshaking' });
      expect(await refusal(saying([encodeAnswer('1', alive)]))).toMatchObject({ code: 'BAD_HELLO' });
      const nameless = JSON.stringify({ ...aHello(), hostId: '' });
      expect(await refusal(saying([nameless]))).toMatchObject({ code: 'BAD_HELLO' });
      expect(await refusal(saying(['x'.repeat(2 ** 21)]))).toMatchObject({ code: 'BAD_HELLO' });
    });

    test('refuses an agent of another protocol version, whatever else that says', async () => {
      const refusalOf = (version: number) =>
        refusal(saying([JSON.stringify({ type: 'hello', protocolVersion: version, flavour: 'new' })]));
      const older = 'the agent speaks protocol version 1, the client 3: upgrade the agent';
      const newer =
        'the agent speaks protocol version 4, the client 3: upgrade Hostmesh where the client runs';
      const expected = { code: 'PROTOCOL_VERSION', retryable: false };
      expect(await refusalOf(1)).toMatchObject({ ...expected, message: older });
      expect(await refusalOf(4)).toMatchObject({ ...expected, message: newer });
    });

    test('may be tried again with an agent that hangs up before its hello', async () => {
      const fault = await refusal((channel) => channel.terminate());
      expect(fault).toMatchObject({ code: 'ECONNRESET', phase: 'handshaking', retryable: true });
    });

    test('tolerates fields that are newer than this client', async () => {
      const address = await wire.serveChannels(saying([JSON.stringify({ ...aHello(), colour: 'green' })]));
      expect((await wire.connect(address)).hello).toEqual(aHello());
    });

    test('works again after the connection was closed', async () => {
      const agent = await wire.serve();
      const transport = wire.transport();
      for (let round = 0; round < 3; round += 1) {
        const connected = await transport.connect(agent.address);
        if (!connected.ok) throw new Error(connected.fault.message);
        expect(await connected.value.request(aKeepalive())).toEqual({
          ok: true,
          value: alive.ok && alive.result,
        });
        connected.value.close();
        expect(await connected.value.closed).toMatchObject({ code: 'CLOSED' });
      }
    });
  });

  describe('requests', () => {
    test('get their own answers, in whatever order those come', async () => {
      const waiting: (() => void)[] = [];
      const agent = await wire.serve({
        request: ({ id }) =>
          new Promise((resolve) => {
            waiting.unshift(() => resolve({ ok: false, fault: { code: 'internal', message: id } }));
            if (waiting.length === 50) for (const answer of waiting) answer();
          }),
      });
      const connection = await wire.connect(agent.address);
      const ids = Array.from({ length: 50 }, (_, index) => `request-${index}`);
      const outcomes = await Promise.all(ids.map((id) => connection.request(aKeepalive(id))));
      expect(outcomes.map((each) => !each.ok && each.fault.message)).toEqual(ids);
    });

    test('encoded once reach many agents as the same bytes', async () => {
      const heard: AgentRequest[] = [];
      const digest = `sha256:${'0'.repeat(64)}`;
      const agent = await wire.serve({
        request: (request) => {
          heard.push(request);
          return installed;
        },
      });
      const installed: AgentReply = {
        ok: true,
        result: {
          kind: 'client_config_set',
          digest,
          epoch: 1,
          shadowed: [],
          unknownKeys: [],
          tookOverFrom: null,
        },
      };
      const request: AgentRequest = {
        type: 'set_client_config',
        id: 'push-1',
        epoch: 1,
        owner: { clientId: 'c', label: 'Zoë' },
        digest,
        attrs: { PROC_SPAWN_MAX_IDLE: '30s', LONG: '€'.repeat(50_000) },
      };
      const encoded = encodeRequest(request);
      const connections = await Promise.all([1, 2, 3].map(() => wire.connect(agent.address)));
      const outcomes = await Promise.all(connections.map((each) => each.request(encoded)));
      expect(outcomes.every((each) => each.ok)).toBe(true);
      expect(heard).toEqual([request, request, request]);
    });

    test('that the agent refuses carry its fault', async () => {
      const fault = { code: 'invalid_config', message: 'two keys do not parse', keys: ['A', 'B'], epoch: 7 };
      const agent = await wire.serve({ request: () => ({ ok: false, fault }) });
      const outcome = await (await wire.connect(agent.address)).request(aKeepalive());
      expect(outcome).toEqual({
        ok: false,
        fault: { kind: 'refused', code: 'invalid_config', message: 'two keys do not parse', fault },
      });
    });

    test('that no agent knows, or that are invalid, are answered and leave the connection alone', async () => {
      const connection = await wire.connect((await wire.serve()).address);
      // On purpose not a request.
      const unknown = { type: 'fly', id: '1' } as unknown as AgentRequest;
      expect(await connection.request(unknown)).toMatchObject({ fault: { code: 'unknown_request' } });
      // On purpose without its fields.
      const invalid = { type: 'restore_client_config', id: '2' } as AgentRequest;
      expect(await connection.request(invalid)).toMatchObject({ fault: { code: 'bad_request' } });
      expect(await connection.request(aKeepalive('3'))).toMatchObject({ ok: true });
    });

    test('whose handler has a bug are answered `internal`, and the bug is reported', async () => {
      const bugs: unknown[] = [];
      const agent = await wire.serve(
        {
          request: ({ id }) => {
            if (id === 'sync') throw new Error('sync bug');
            return Promise.reject(new Error('async bug'));
          },
        },
        { onBug: (error) => bugs.push(error) },
      );
      const connection = await wire.connect(agent.address);
      for (const id of ['sync', 'async']) {
        const outcome = await connection.request(aKeepalive(id));
        expect(outcome).toMatchObject({ fault: { kind: 'refused', code: 'internal' } });
        expect(JSON.stringify(outcome)).not.toContain('bug');
      }
      expect(bugs).toEqual([new Error('sync bug'), new Error('async bug')]);
    });

    test('settle once: repeated, late and unasked answers are counted and dropped', async () => {
      const address = await wire.serveChannels(
        saying([greeting], (id, channel) => {
          if (id !== 'last') return channel.send(encodeAnswer('unasked', alive));
          channel.send(encodeAnswer('given-up', alive));
          channel.send(encodeAnswer('last', alive));
          channel.send(encodeAnswer('last', { ok: false, fault: { code: 'internal', message: 'again' } }));
          channel.send(JSON.stringify(anEvent(1)));
        }),
      );
      const connection = await wire.connect(address);
      const event = new Promise((resolve) => void connection.onEvent(resolve));
      const giveUp = new AbortController();
      const givenUp = connection.request(aKeepalive('given-up'), giveUp.signal);
      giveUp.abort();
      expect(await givenUp).toMatchObject({ fault: { kind: 'aborted' } });
      expect(await connection.request(aKeepalive('last'))).toMatchObject({ ok: true });
      await event;
      expect(connection.droppedAnswers).toBe(3);
    });
  });

  describe('a broken connection', () => {
    const outcomeAfter = async (
      break_: (channel: FrameChannel) => void,
    ): Promise<{ request: unknown; closed: Closed }> => {
      const connection = await wire.connect(
        await wire.serveChannels(saying([greeting], (_id, channel) => break_(channel))),
      );
      const request = await connection.request(aKeepalive());
      return { request, closed: await connection.closed };
    };

    test('fails what it owes when the peer vanishes, and whatever is asked later', async () => {
      const address = await wire.serveChannels(saying([greeting], (_id, channel) => channel.terminate()));
      const connection = await wire.connect(address);
      const outcomes = await Promise.all(['1', '2'].map((id) => connection.request(aKeepalive(id))));
      const { code } = await connection.closed;
      expect(['CLOSED', 'ECONNRESET']).toContain(code);
      for (const each of [...outcomes, await connection.request(aKeepalive('3'))]) {
        expect(each).toMatchObject({ ok: false, fault: { kind: 'closed', code } });
      }
    });

    test('is closed as BAD_FRAME on anything that is not of the protocol', async () => {
      const garbage = ['}{', '"text"', '{"type":"answer"}', '{"type":"novel"}', greeting];
      for (const each of garbage) {
        const { request, closed } = await outcomeAfter((channel) => channel.send(each));
        expect(request, each).toMatchObject({ fault: { kind: 'closed', code: 'BAD_FRAME' } });
        expect(closed.code).toBe('BAD_FRAME');
      }
    });

    test('is closed as FRAME_TOO_LARGE when an answer is over the limit', async () => {
      const { request } = await outcomeAfter((channel) => channel.send('x'.repeat(2 ** 21)));
      expect(request).toMatchObject({ fault: { kind: 'closed', code: 'FRAME_TOO_LARGE' } });
    });

    test('names the reason to a client whose request is over the limit', async () => {
      const agent = await wire.serve({}, { maxFrameBytes: 1_000 });
      const connection = await wire.connect(agent.address);
      const large = { type: 'keepalive' as const, id: '1', bytes: Buffer.alloc(2 ** 21, 'x') };
      expect(await connection.request(large)).toMatchObject({ fault: { code: 'FRAME_TOO_LARGE' } });
      expect(await connection.closed).toMatchObject({ code: 'FRAME_TOO_LARGE' });
    });

    test('names the reason to a client whose frame cannot even be answered', async () => {
      const connection = await wire.connect((await wire.serve()).address);
      const outcome = await connection.request({
        type: 'keepalive',
        id: '1',
        bytes: Buffer.from('{"id":1}'),
      });
      expect(outcome).toMatchObject({ fault: { kind: 'closed', code: 'BAD_FRAME' } });
    });

    test('names the reason when the agent shuts down', async () => {
      const agent = await wire.serve({ request: never });
      const connection = await wire.connect(agent.address);
      const outcome = connection.request(aKeepalive());
      await agent.close();
      expect(await outcome).toMatchObject({ fault: { kind: 'closed', code: 'SHUTTING_DOWN' } });
    });

    test('ends the signal of requests that the agent still works on', async () => {
      const asked = Promise.withResolvers<AbortSignal>();
      const agent = await wire.serve({
        request: (_request, client) => {
          asked.resolve(client.signal);
          return never();
        },
      });
      const connection = await wire.connect(agent.address);
      void connection.request(aKeepalive());
      const signal = await asked.promise;
      expect(signal.aborted).toBe(false);
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
      connection.close();
      await aborted;
    });
  });

  describe('a signal', () => {
    test('that fired before ends a dial before it begins', async () => {
      let dialled = 0;
      const agent = await wire.serve({ hello: () => aHello({ cpus: (dialled += 1) }) });
      const connected = await wire.transport().connect(agent.address, { signal: AbortSignal.abort() });
      expect(connected).toMatchObject({ fault: { code: 'ABORTED', phase: 'connecting' } });
      expect(dialled).toBe(0);
    });

    test('ends the wait for a hello in the turn in which it fires, and hangs up', async () => {
      const accepted = Promise.withResolvers<{ ended: Promise<Closed> }>();
      const address = await wire.serveChannels((channel) => accepted.resolve({ ended: listenTo(channel) }));
      const deadline = new AbortController();
      const connected = wire.transport().connect(address, { signal: deadline.signal });
      const { ended } = await accepted.promise;
      deadline.abort();
      expect(await already(connected)).toMatchObject({ fault: { code: 'ABORTED' } });
      await ended;
    });

    test('ends the wait for answers on all connections in one turn, and leaves them open', async () => {
      const agent = await wire.serve({ request: ({ id }) => (id === 'hangs' ? never() : alive) });
      const connections = await Promise.all(Array.from({ length: 20 }, () => wire.connect(agent.address)));
      const deadline = new AbortController();
      const outcomes = connections.map((each) => each.request(aKeepalive('hangs'), deadline.signal));
      await Promise.all(connections.map((each) => each.request(aKeepalive('answered'), deadline.signal)));
      deadline.abort();
      const settled = await already(Promise.all(outcomes));
      expect(settled).toEqual(outcomes.map(() => expect.objectContaining({ ok: false })));
      expect(await connections[0]?.request(aKeepalive('after'))).toMatchObject({ ok: true });
      expect(await connections[0]?.request(aKeepalive(), deadline.signal)).toMatchObject({
        fault: { kind: 'aborted' },
      });
    });
  });

  test('closing the transport ends its dials and connections, and later dials', async () => {
    const silent = await wire.serveChannels(() => {});
    const agent = await wire.serve({ request: never });
    const transport = wire.transport();
    const connected = await transport.connect(agent.address);
    const outcome = connected.ok && connected.value.request(aKeepalive());
    const dialling = transport.connect(silent);
    await transport.close();
    expect(await dialling).toMatchObject({ fault: { code: 'ABORTED' } });
    expect(await outcome).toMatchObject({ fault: { kind: 'closed', code: 'CLOSED' } });
    expect(await transport.connect(agent.address)).toMatchObject({ fault: { code: 'ABORTED' } });
  });

  test('an address that is taken is refused by name', async () => {
    const { address } = await wire.serve();
    await expect(wire.serve({}, { listen: address })).rejects.toThrow(/is taken$/);
  });
});
