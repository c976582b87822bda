import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeAgent } from '../testing/fake-agent.ts';
import { them, us } from '../testing/fixtures.ts';
import { stepHostWatch, type HostWatch, type HostWatchEvent } from './host-watch.ts';

const ours = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const expected = { digests: [ours], owner: us };
const agent = new FakeAgent('h1');
const hello = agent.hello();
agent.restart();
const helloAfterRestart = agent.hello();
const config = (digest: string | null, owner = us) => ({
  digest,
  epoch: 1,
  owner: digest === null ? null : owner,
  withoutEffect: [],
});

const heard = (digest: string | null, owner = us, from = hello): HostWatchEvent => ({
  kind: 'heard',
  hello: from,
  lifecycle: 'attached',
  config: config(digest, owner),
});
const missed: HostWatchEvent = { kind: 'missed', reason: 'connection refused (ECONNREFUSED)' };
const changedTo = (digest: string, owner = us): HostWatchEvent => ({
  kind: 'changed',
  config: config(digest, owner),
});

/** Feeds events, one per second. */
function watchAfter(...events: HostWatchEvent[]): HostWatch {
  let state: HostWatch = { kind: 'connecting', since: 0 };
  events.forEach((event, index) => (state = stepHostWatch(state, event, (index + 1) * 1_000, expected)));
  return state;
}

describe('what is known of a host', () => {
  test.each<[string, HostWatchEvent[], object]>([
    ['it is healthy when it says that it holds the config', [heard(ours)], { kind: 'healthy', note: null }],
    [
      'holding another config of ours it has lost its config',
      [heard(other)],
      { kind: 'config_lost', reason: 'it holds another config of this client' },
    ],
    [
      'taken over by another client, it says by whom',
      [heard(ours), changedTo(other, them)],
      { kind: 'config_lost', reason: 'taken over by them' },
    ],
    [
      'given the same config by another client it is healthy, and says by whom',
      [heard(ours), changedTo(ours, them)],
      { kind: 'healthy', note: 'the same config was pushed again by them' },
    ],
    [
      'a restarted agent has lost the config',
      [heard(ours), missed, heard(null, us, helloAfterRestart)],
      { kind: 'config_lost', reason: 'its agent has restarted and holds no config' },
    ],
    [
      'the restart stays the reason',
      [heard(ours), heard(null, us, helloAfterRestart), heard(null, us, helloAfterRestart)],
      { kind: 'config_lost', reason: 'its agent has restarted and holds no config', since: 2_000 },
    ],
    ['it heals when it has its config again', [heard(other), heard(ours)], { kind: 'healthy', since: 2_000 }],
    [
      'it heals when it can be heard again',
      [heard(ours), missed, heard(ours)],
      { kind: 'healthy', since: 3_000 },
    ],
    [
      'unreachable since the first miss, with the latest reason',
      [heard(ours), missed, { kind: 'missed', reason: 'no answer for 5s' }],
      { kind: 'unreachable', since: 2_000, reason: 'no answer for 5s', heard: { at: 1_000 } },
    ],
    [
      'news of the past do not make an unreachable host reachable',
      [heard(ours), missed, changedTo(ours)],
      { kind: 'unreachable' },
    ],
  ])('%s', (_, events, state) => {
    expect(watchAfter(...events)).toMatchObject(state);
  });

  test('a new expectation is judged by what was last heard', () => {
    const state = stepHostWatch(watchAfter(heard(ours)), { kind: 'expectation_changed' }, 9_000, {
      ...expected,
      digests: [other],
    });
    expect(state).toMatchObject({ kind: 'config_lost', since: 9_000, heard: { at: 1_000 } });
  });

  test('never healthier than the last thing heard', () => {
    const anyEvent = fc.oneof(
      fc.constantFrom(ours, other, null).map((digest) => heard(digest)),
      fc.constantFrom(ours, other).map((digest) => changedTo(digest)),
      fc.constant(missed),
      fc.constant<HostWatchEvent>({ kind: 'expectation_changed' }),
    );
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const state = watchAfter(...events);
        const lastWord = events.findLast(({ kind }) => kind === 'heard' || kind === 'missed');
        if (state.kind === 'healthy') {
          expect(lastWord?.kind).toBe('heard');
          expect(state.heard.config.digest).toBe(ours);
        }
        if (lastWord?.kind === 'missed') expect(state.kind).toBe('unreachable');
        if (lastWord === undefined) expect(state.kind).toBe('connecting');
      }),
    );
  });
});
