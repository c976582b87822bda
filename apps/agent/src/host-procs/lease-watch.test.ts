import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LeaseWatch } from './lease-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function keeper() {
  let frozenMs = 0;
  const expired: string[] = [];
  const leases = new LeaseWatch(
    () => performance.now() + frozenMs,
    (id, ttlMs) => void expired.push(`${id} ${ttlMs}`),
  );
  /** The clock goes on, and no timer fires: what SIGSTOP does to a process. */
  const freeze = (ms: number) => (frozenMs += ms);
  return { leases, expired, freeze };
}

test('a lease runs out once, after its time and not before, unless somebody vouches again', () => {
  const { leases, expired } = keeper();
  leases.vouch('a', 1000);
  leases.vouch('b', 1000);
  vi.advanceTimersByTime(900);
  leases.vouch('b', 1000);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(expired).toEqual(['a 1000']);
  expect([leases.leftMs('a'), leases.leftMs('b')]).toEqual([null, expect.any(Number)]);
  vi.advanceTimersByTime(5000);
  expect(expired).toEqual(['a 1000', 'b 1000']);
});

test('an agent that could hear nobody gives everybody their full time again', () => {
  const { leases, expired, freeze } = keeper();
  leases.vouch('a', 60_000);
  vi.advanceTimersByTime(1000);
  freeze(180_000);
  vi.advanceTimersByTime(59_000);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(2000);
  expect(expired).toEqual(['a 60000']);
});

test('no timer runs while there is no lease', () => {
  const { leases } = keeper();
  leases.vouch('a', 100);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});
