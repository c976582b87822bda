import { describe, expect, test } from 'vitest';
import { FailureLimiter } from './failure-limiter.ts';

const limits = { maxFailures: 3, windowMs: 1000, maxAddresses: 2 };

describe('FailureLimiter', () => {
  test('an address waits out its window after too many failures, and no longer', () => {
    const limiter = new FailureLimiter(limits);
    for (let n = 0; n < 3; n += 1) {
      expect(limiter.waitMs('a', n)).toBe(0);
      limiter.recordFailure('a', n);
    }
    expect(limiter.waitMs('a', 400)).toBe(600);
    expect(limiter.waitMs('b', 400)).toBe(0);
    expect(limiter.waitMs('a', 1000)).toBe(0);
    limiter.recordFailure('a', 1001);
    expect(limiter.waitMs('a', 1002)).toBe(0);
  });

  test('remembers a bounded number of addresses', () => {
    const limiter = new FailureLimiter(limits);
    for (let n = 0; n < 3; n += 1) limiter.recordFailure('a', 0);
    limiter.recordFailure('b', 0);
    limiter.recordFailure('c', 0);
    expect(limiter.waitMs('a', 1)).toBe(0);
  });
});
