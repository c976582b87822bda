import { configKeys, emptyLayers, withLayer } from '@hostmesh/core';
import { digestOf, makeSnapshot } from '@hostmesh/core/snapshot';
import { AgentEvent, Answer } from '@hostmesh/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answerState,
  initialState,
  isConfigRequest,
  stepAgentLifecycle,
  stepConfig,
  withConfig,
  type AgentState,
  type ConfigRequest,
  type StateRequest,
} from './step-agent.ts';

const owner = { clientId: 'alice', label: 'Alice' };
const context = {
  incarnation: 'inc_1',
  own: emptyLayers,
  procs: () => [],
  time: { agentMs: 7, hostMs: 7 },
  past: () => [],
  vouch: () => ['unknown'],
};
type Request = StateRequest | ConfigRequest;

/** As the agent does, once the config is on disk. */
function stepAgent(state: AgentState, request: Request, given: typeof context) {
  if (!isConfigRequest(request)) return [state, answerState(state, request, given), []] as const;
  const [config, reply, changes] = stepConfig(state, request, given.own);
  const [next, events] = withConfig(state, config, changes, 7);
  return [next, reply, events] as const;
}

const push = (epoch: number, attrs: Record<string, string> = { MAX_CAST_FANOUT: '4' }): ConfigRequest => ({
  type: 'set_client_config',
  id: 'p',
  epoch,
  owner,
  attrs,
  digest: digestOf(attrs),
});
const after = (state: AgentState, ...requests: Request[]) =>
  requests.reduce((current, request) => stepAgent(current, request, context)[0], state);
const replyTo = (state: AgentState, request: Request, own = emptyLayers) =>
  stepAgent(state, request, { ...context, own })[1];

describe('a config dump', () => {
  test('after a push shows every pushed key as the client layer, or the layer of the operator that wins', () => {
    const { attrs } = makeSnapshot(withLayer(emptyLayers, 'Runtime', { MAX_CAST_FANOUT: '5' }));
    const own = withLayer(withLayer(emptyLayers, 'Env', { MAX_CAST_FANOUT: '9' }), 'File', {
      TLS_KEY: 'hunter2',
    });
    const reply = replyTo(after(initialState, push(1, attrs)), { type: 'config_dump', id: 'd' }, own);
    if (!reply.ok || reply.result.kind !== 'config_dumped') throw new Error('no dump');
    const entries = new Map(reply.result.entries.map((entry) => [entry.key, entry]));
    for (const { key } of configKeys.filter(({ propagates }) => propagates)) {
      expect(entries.get(key)).toMatchObject(
        key === 'MAX_CAST_FANOUT'
          ? {
              source: 'Env',
              value: '9',
              layers: [{ value: '9' }, { source: 'ClientOverride', value: '5' }, {}],
            }
          : { source: 'ClientOverride', value: attrs[key] },
      );
    }
    expect(JSON.stringify(reply)).not.toContain('hunter2');
  });

  test('names the pushed keys that this version does not know', () => {
    const reply = replyTo(after(initialState, push(1, { NEW_KEY: 'x' })), { type: 'config_dump', id: 'd' });
    expect(reply).toMatchObject({
      ok: true,
      result: { unknownKeys: ['NEW_KEY'], config: { epoch: 1, owner } },
    });
  });
});

describe('the lifecycle', () => {
  test('changes are events, and what changes nothing is none', () => {
    const [attached, first] = stepAgentLifecycle(initialState, 'proc_created', 7);
    expect(first).toMatchObject([
      { seq: 1, at: 7, change: { kind: 'lifecycle_changed', lifecycle: 'attached' } },
    ]);
    expect(stepAgentLifecycle(attached, 'proc_created', 7)).toEqual([attached, []]);
  });

  test('a host that leaves service takes no config, says why, and still answers the rest', () => {
    const [leaving] = stepAgentLifecycle(after(initialState, push(1)), 'shutdown_requested', 7);
    expect(replyTo(leaving, push(2))).toMatchObject({ ok: false, fault: { code: 'wrong_lifecycle' } });
    expect(replyTo(leaving, { type: 'keepalive', id: 'k' })).toMatchObject({
      ok: true,
      result: { lifecycle: 'shutdown' },
    });
    expect(replyTo(leaving, { type: 'restore_client_config', id: 'r', epoch: 1 }).ok).toBe(true);
  });
});

test('a keepalive that vouches for proc meshes is told which of them the host has no procs of', () => {
  const procMeshes = [{ procMeshId: 'unknown', ttlMs: 1000 }];
  expect(replyTo(initialState, { type: 'keepalive', id: 'k', procMeshes })).toMatchObject({
    ok: true,
    result: { unknownProcMeshes: ['unknown'] },
  });
});

describe('a state stream', () => {
  const streamAfter = (seq: number, incarnation = context.incarnation): StateRequest => ({
    type: 'stream_state',
    id: 's',
    after: { incarnation, seq },
  });
  const state = after(initialState, push(1), push(2), push(3));

  test('goes on after the last event that the client applied', () => {
    expect(replyTo(state, streamAfter(1))).toMatchObject({
      ok: true,
      result: { kind: 'streaming', resumed: true, seq: 3 },
      replay: [{ seq: 2 }, { seq: 3 }],
    });
  });

  test.each([
    ['without a position', { type: 'stream_state', id: 's', after: null } as const],
    ['after an event of an earlier incarnation', streamAfter(1, 'inc_0')],
    ['after an event that there never was', streamAfter(9)],
  ])('starts from the present state %s', (_when, request) => {
    const reply = replyTo(state, request);
    expect(reply).toMatchObject({
      ok: true,
      result: { resumed: false, seq: 3, config: { epoch: 3 }, procs: [] },
    });
    expect(reply).not.toHaveProperty('replay');
  });
});

test('whatever is asked in whatever order, answers and events are of the protocol and numbered without gaps', () => {
  const epoch = fc.integer({ min: 0, max: 9 });
  const attrs = fc.dictionary(
    fc.oneof(fc.constantFrom(...configKeys.map(({ key }) => key)), fc.string({ maxLength: 200 })),
    fc.oneof(fc.constantFrom('1', '30s', ''), fc.string()),
  );
  const request: fc.Arbitrary<Request> = fc.oneof(
    fc.tuple(epoch, attrs).map(([at, values]) => push(at, values)),
    fc.record({ type: fc.constant('restore_client_config' as const), id: fc.constant('r'), epoch }),
    fc.record({
      type: fc.constant('stream_state' as const),
      id: fc.constant('s'),
      after: fc.option(fc.record({ incarnation: fc.constant('inc_1'), seq: fc.nat(40) })),
    }),
    fc.constantFrom('config_dump', 'keepalive').map((type): StateRequest => ({ type, id: 'x' })),
  );
  fc.assert(
    fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
      let state = initialState;
      for (const each of requests) {
        const [next, { ...reply }, events] = stepAgent(state, each, context);
        expect(Answer.safeParse({ type: 'answer', id: 'a', ...reply }).error).toBeUndefined();
        for (const [index, event] of events.entries()) {
          expect(AgentEvent.safeParse(event).error).toBeUndefined();
          expect(event.seq).toBe(state.log.lastSeq + index + 1);
        }
        expect(next.log.lastSeq).toBe(state.log.lastSeq + events.length);
        state = next;
      }
    }),
  );
});
