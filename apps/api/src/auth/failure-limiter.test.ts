import { describe, expect, test } from 'vitest';
import { FailureLimiter, networkOf } from './failure-limiter.ts';

const limits = { maxFailures: 3, windowMs: 1000, maxOrigins: 8 };
/** Guesses that have nothing in common. */
const guess = (n: number) => `${n}`.padStart(3, '0').repeat(5);

describe('FailureLimiter', () => {
  test('an address waits out its window after too many failures, and no longer; others do not wait with it', () => {
    const limiter = new FailureLimiter(limits);
    for (let n = 0; n < 3; n += 1) expect(limiter.failed('10.0.0.1', guess(n), n)).toBe(0);
    expect(limiter.failed('10.0.0.1', guess(3), 400)).toBe(600);
    expect(limiter.failed('10.0.0.2', guess(4), 400)).toBe(0);
    expect(limiter.failed('10.0.0.1', guess(5), 1000)).toBe(0);
  });

  test('one secret that is guessed at from many addresses is looked at no more often than by one', () => {
    const limiter = new FailureLimiter(limits);
    for (let n = 0; n < 3; n += 1) expect(limiter.failed(`10.0.1.${n}`, `hm_abcdefghijk${n}`, 0)).toBe(0);
    expect(limiter.failed('10.0.1.9', 'hm_abcdefghijk9', 1)).toBe(999);
    expect(limiter.failed('10.0.1.9', 'hm_zzz', 1)).toBe(0);
  });

  test('remembers a bounded number of origins', () => {
    const limiter = new FailureLimiter(limits);
    for (let n = 0; n < 3; n += 1) limiter.failed('10.0.0.1', guess(n), 0);
    for (let n = 4; n < 10; n += 1) limiter.failed(`10.0.0.${n}`, guess(n), 0);
    expect(limiter.failed('10.0.0.1', guess(11), 1)).toBe(0);
  });
});

test.each([
  ['127.0.0.1', '127.9.9.9'],
  ['127.0.0.1', '::1'],
  ['::ffff:127.0.0.1', '::1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2::1', '2001:0db8:1:2:ffff:1:2:3'],
  ['2001:db8::1', '2001:DB8:0:0:1::'],
  ['fe80::1%eth0', 'fe80::2%eth1'],
])('%s and %s count as one', (one, other) => {
  expect(networkOf(one)).toBe(networkOf(other));
});

test.each([
  ['10.0.0.1', '10.0.0.2'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['2001:db8::1', '2001:db9::1'],
])('%s and %s do not', (one, other) => {
  expect(networkOf(one)).not.toBe(networkOf(other));
});
