import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callAfter, deadlineAfter, pauseFor } from './long-wait.ts';
import { parseDuration } from './text/duration.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** In milliseconds. */
const of = (text: string): number => {
  const read = parseDuration(text);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};

test.each(['0s', '1ms', '24d', '25d', '50d', '365d'])('a wait of %s ends then, and not before', (text) => {
  const ms = of(text);
  const called = vi.fn();
  callAfter(ms, called);
  if (ms > 0) {
    vi.advanceTimersByTime(ms - 1);
    expect(called).not.toHaveBeenCalled();
  }
  vi.advanceTimersByTime(1);
  expect(called).toHaveBeenCalledTimes(1);
});

test('a wait that is called off, early or late in it, never ends', () => {
  const called = vi.fn();
  const early = callAfter(of('50d'), called);
  early();
  const late = callAfter(of('50d'), called);
  vi.advanceTimersByTime(of('40d'));
  late();
  vi.advanceTimersByTime(of('60d'));
  expect(called).not.toHaveBeenCalled();
});

test('a deadline fires as a timeout does, and holds nothing once it is disposed of', () => {
  const deadline = deadlineAfter(of('30d'));
  vi.advanceTimersByTime(of('29d'));
  expect(deadline.signal.aborted).toBe(false);
  vi.advanceTimersByTime(of('1d'));
  expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError' });
  {
    using over = deadlineAfter(of('30d'));
    expect(over.signal.aborted).toBe(false);
  }
  expect(vi.getTimerCount()).toBe(0);
});

test('a pause ends when its time is over, or early when its signal fires', async () => {
  const stop = new AbortController();
  const whole = pauseFor(of('50d'));
  const broken = pauseFor(of('50d'), stop.signal);
  stop.abort();
  expect(await broken).toBe(false);
  vi.advanceTimersByTime(of('50d'));
  expect(await whole).toBe(true);
  expect(await pauseFor(1, stop.signal)).toBe(false);
});
