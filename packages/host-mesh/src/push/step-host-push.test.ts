import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HostPushEvent, HostPushState, PushTerms } from './host-push-state.ts';
import { stepHostPush } from './step-host-push.ts';

const sent = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const terms: PushTerms = { requestId: 'push-7', epoch: 7, digest: sent, waitUntil: 1_000 };
const host = { hostId: 'h1', agentVersion: '1.0.0' };
const ackOf = (digest: string) => ({ digest, epoch: 7, shadowed: [], unknownKeys: [], tookOverFrom: null });
const refusedBy = (retryable: boolean) => ({
  code: 'ECONNREFUSED',
  message: 'connection refused',
  phase: 'connecting' as const,
  retryable,
});

const requestId = fc.constantFrom('push-7', 'push-6');
const anyEvent: fc.Arbitrary<HostPushEvent> = fc.oneof(
  fc.constant<HostPushEvent>({ kind: 'dial_began' }),
  fc.constant<HostPushEvent>({ kind: 'handshake_began' }),
  fc.constant<HostPushEvent>({ kind: 'connected', host }),
  fc.record({
    kind: fc.constant('connect_failed' as const),
    fault: fc.boolean().map(refusedBy),
    jitter: fc.double({ min: 0, max: 0.99 }),
  }),
  fc.record({
    kind: fc.constant('acknowledged' as const),
    requestId,
    ack: fc.constantFrom(sent, other).map(ackOf),
  }),
  fc.record({
    kind: fc.constant('refused' as const),
    requestId,
    fault: fc.constant({ code: 'invalid_config', message: 'no' }),
  }),
  fc.constant<HostPushEvent>({ kind: 'closed', code: 'ECONNRESET', message: 'connection reset' }),
  fc.constant<HostPushEvent>({ kind: 'cast_failed', message: 'too long' }),
  fc.constant<HostPushEvent>({ kind: 'deadline_passed', afterMs: 60_000 }),
  fc.constant<HostPushEvent>({ kind: 'cancelled' }),
);
const anyRun = fc.array(fc.tuple(anyEvent, fc.nat(500)), { maxLength: 30 });

/** Every state that a run of events goes through, with the event that led there. */
function* statesOf(run: readonly (readonly [HostPushEvent, number])[]) {
  let state: HostPushState = { kind: 'queued' };
  let now = 0;
  for (const [event, passedMs] of run) {
    now += passedMs;
    const before = state;
    const [after, command] = stepHostPush(before, event, now, terms);
    state = after;
    yield { before, event, after, command, now };
  }
}

const isFinal = ({ kind }: HostPushState) => kind === 'installed' || kind === 'failed';

describe('push on one host, whatever happens', () => {
  test('a final state is final, and asks for nothing', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        for (const { before, after, command } of statesOf(run)) {
          if (!isFinal(before)) continue;
          expect(after).toBe(before);
          expect(command).toBeNull();
        }
      }),
    );
  });

  test('an acknowledgement counts only with the digest that was sent, on the request of this push', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        for (const { before, event, after } of statesOf(run)) {
          if ('requestId' in event && event.requestId !== terms.requestId) expect(after).toBe(before);
          if (after.kind !== 'installed' || before.kind === 'installed') continue;
          expect(before.kind).toBe('awaiting_ack');
          expect(event).toMatchObject({ kind: 'acknowledged', requestId: 'push-7', ack: { digest: sent } });
        }
      }),
    );
  });

  test('a host that was never sent anything is never said to hold the snapshot, and the reverse', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        let wasSent = false;
        for (const { before, after, command, event } of statesOf(run)) {
          wasSent ||= command?.kind === 'send';
          if (after.kind !== 'failed' || before.kind === 'failed') continue;
          const refusedBeforehand = event.kind === 'refused';
          expect(after.mayHold).toBe(wasSent && !refusedBeforehand);
        }
      }),
    );
  });

  test('the request goes out at most once', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const sends = [...statesOf(run)].filter(({ command }) => command?.kind === 'send');
        expect(sends.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('after the deadline every host is in a final state', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const last = [...statesOf([...run, [{ kind: 'deadline_passed', afterMs: 1 }, 0]])].at(-1);
        expect(last?.after.kind).toMatch(/^(installed|failed)$/);
      }),
    );
  });

  test('no dial begins after the waiting for hosts is over, except the first', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        for (const { command, now } of statesOf(run)) {
          if (command?.kind !== 'reach_later') continue;
          expect(now).toBeLessThan(terms.waitUntil);
          expect(now + command.delayMs).toBeLessThanOrEqual(terms.waitUntil);
        }
      }),
    );
  });
});

/** The failure that a sequence of events, one per millisecond, ends in. */
function failureAfter(...events: HostPushEvent[]) {
  const last = [...statesOf(events.map((event) => [event, 1] as const))].at(-1)?.after;
  return last?.kind === 'failed' ? last.failure : last?.kind;
}
const dialBegan: HostPushEvent = { kind: 'dial_began' };
const connected: HostPushEvent = { kind: 'connected', host };
const deadline: HostPushEvent = { kind: 'deadline_passed', afterMs: 60_000 };

describe('the failure says what the host was in the middle of', () => {
  test.each([
    ['queued', [deadline]],
    ['connecting', [dialBegan, deadline]],
    ['handshaking', [dialBegan, { kind: 'handshake_began' } as const, deadline]],
    ['awaiting_ack', [dialBegan, connected, deadline]],
  ])('deadline while %s', (phase, events) => {
    expect(failureAfter(...events)).toMatchObject({ kind: 'ReplyTimedOut', phase, afterMs: 60_000 });
  });

  test('a host that refused while it was waited for is named as refusing, not as silent', () => {
    const refused = { kind: 'connect_failed', fault: refusedBy(true), jitter: 0 } as const;
    // Whether or not the next dial has just begun.
    for (const more of [[], [dialBegan]])
      expect(failureAfter(dialBegan, refused, ...more, deadline)).toMatchObject({
        kind: 'SendFailed',
        code: 'ECONNREFUSED',
      });
  });

  test('a refusal that does not pass ends the host at once, although hosts are waited for', () => {
    const refused = { kind: 'connect_failed', fault: refusedBy(false), jitter: 0 } as const;
    expect(failureAfter(dialBegan, refused)).toMatchObject({ kind: 'SendFailed' });
  });

  test('another digest than the one sent is a mismatch that names both', () => {
    const ack = { kind: 'acknowledged', requestId: 'push-7', ack: ackOf(other) } as const;
    expect(failureAfter(dialBegan, connected, ack)).toMatchObject({
      kind: 'DigestMismatch',
      expected: sent,
      actual: other,
    });
  });

  test('a host that has seen this very push is said to be in the list twice', () => {
    const fault = { code: 'stale_epoch', message: 'stale', epoch: 7 };
    expect(failureAfter(dialBegan, connected, { kind: 'refused', requestId: 'push-7', fault })).toEqual({
      kind: 'Rejected',
      code: 'stale_epoch',
      message: 'another address of this attempt leads to the same host',
    });
  });
});
