import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HostClock, offsetFrom, refined } from './host-clock.ts';

const HOUR_MS = 3_600_000;

test('whichever way the round trip is split, the true offset lies within the error', () => {
  const anyMs = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(fc.integer({ min: -HOUR_MS, max: HOUR_MS }), anyMs, anyMs, (trueMs, thereMs, backMs) => {
      const sentAt = 1_000_000;
      const { offsetMs, errorMs } = offsetFrom(
        sentAt + thereMs + trueMs,
        thereMs + backMs,
        sentAt + thereMs + backMs,
      );
      expect(Math.abs(offsetMs - trueMs)).toBeLessThanOrEqual(errorMs);
    }),
  );
});

test('of many measurements of one clock the surest counts, and gets less sure with time', () => {
  const slow = { offsetMs: 5_300, errorMs: 400, at: 0 };
  const quick = { offsetMs: 5_001, errorMs: 2, at: 10_000 };
  expect(refined(slow, quick)).toEqual(quick);
  expect(refined(quick, { ...slow, at: 20_000 })).toEqual({ offsetMs: 5_001, errorMs: 4, at: 20_000 });
});

test.each([HOUR_MS, -HOUR_MS])(
  'a clock that is set by %i ms is believed at once, however slow the answer',
  (jumpMs) => {
    const next = { offsetMs: jumpMs, errorMs: 500, at: 10_000 };
    expect(refined({ offsetMs: 0, errorMs: 1, at: 0 }, next)).toEqual(next);
  },
);

test.each([2 * HOUR_MS, -2 * HOUR_MS])(
  'what a host whose clock is %i ms ahead reports comes out in our time',
  (aheadMs) => {
    const clock = new HostClock();
    const now = Date.now();
    clock.heard({ agentMs: now + aheadMs, hostMs: now }, 10);
    expect(Math.abs(clock.ours(now + aheadMs) - now)).toBeLessThan(1_000);
    expect(Math.abs(clock.offset?.offsetMs ?? NaN)).toBeLessThan(1_000);
  },
);

test('a host whose clock is as right as can be told keeps its times as they are', () => {
  const clock = new HostClock();
  clock.heard({ agentMs: Date.now() - 29_980, hostMs: Date.now() }, 60_000);
  expect(clock.ours(1_234)).toBe(1_234);
});
