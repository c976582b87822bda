import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localTargets } from '../testing/fixtures.ts';
import type { HostPushEvent } from './host-push-state.ts';
import { PushBoard } from './push-board.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const terms = { requestId: 'push-1', epoch: 1, digest, waitUntil: 0 };
const host = { hostId: 'h', agentVersion: '1' };
const ack = { digest, epoch: 1, shadowed: [], unknownKeys: [], tookOverFrom: null };

const anyEvent = fc.constantFrom<HostPushEvent>(
  { kind: 'dial_began' },
  { kind: 'handshake_began' },
  { kind: 'connected', host },
  { kind: 'connected', host },
  { kind: 'acknowledged', requestId: 'push-1', ack },
  { kind: 'acknowledged', requestId: 'push-1', ack },
  { kind: 'refused', requestId: 'push-1', fault: { code: 'invalid_config', message: 'no' } },
  { kind: 'closed', code: 'ECONNRESET', message: 'reset' },
);

/** Up to eight hosts, some of them in the first stage, and events for any of them. */
const anyRun = fc.integer({ min: 1, max: 8 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    first: fc.uniqueArray(fc.nat(count - 1)),
    events: fc.array(fc.tuple(fc.nat(count - 1), anyEvent), { maxLength: 60 }),
    end: fc.constantFrom<HostPushEvent>({ kind: 'deadline_passed', afterMs: 1 }, { kind: 'cancelled' }),
  }),
);

/** Feeds events as the shell does: only to hosts whose turn it is. */
function conclude({ count, first, events, end }: typeof anyRun extends fc.Arbitrary<infer T> ? T : never) {
  const board = new PushBoard(localTargets(count), first, terms);
  const step = (rank: number, event: HostPushEvent) => {
    const target = board.host(rank);
    if (board.stage.includes(target)) board.apply(target, event, 0);
    return board.stageOver ? board.conclude() : null;
  };
  for (const [rank, event] of events) {
    const verdict = step(rank, event);
    if (verdict !== null) return { board, verdict };
  }
  for (const { rank } of board.stage) {
    const verdict = step(rank, end);
    if (verdict !== null) return { board, verdict };
  }
  throw new Error('the deadline brought no verdict');
}

describe('push board, whatever happens', () => {
  test('the verdict is `installed` exactly when every host installed', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { board, verdict } = conclude(run);
        expect(verdict === 'installed').toBe(board.hosts.every(({ push }) => push.kind === 'installed'));
      }),
    );
  });

  test('the hosts that failed are exactly those that had their turn and did not install', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { board } = conclude(run);
        for (const target of board.stage) expect(target.push.kind).toMatch(/^(installed|failed)$/);
        for (const target of board.hosts)
          if (!board.stage.includes(target)) expect(target.push.kind).toMatch(/^(installed|queued)$/);
      }),
    );
  });

  test('hosts outside the first stage are queued until every host in it has installed', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const { board } = conclude(run);
        const firstInstalled = run.first.every((rank) => board.host(rank).push.kind === 'installed');
        if (run.first.length === 0 || firstInstalled) return;
        const others = board.hosts.filter(({ rank }) => !run.first.includes(rank));
        expect(others.every(({ push }) => push.kind === 'queued')).toBe(true);
      }),
    );
  });
});

test('a rank that does not exist is a bug of the caller', () => {
  expect(() => new PushBoard(localTargets(2), [2], terms)).toThrow('no such rank: 2');
});
