import { expect, test } from 'vitest';
import { formatAgo, formatDuration } from './format.ts';

test.each([
  [0, '0 ms'],
  [40.6, '41 ms'],
  [999.7, '1 s'],
  [1000, '1 s'],
  [1240, '1.2 s'],
  [9999, '9.9 s'],
  [12_900, '12 s'],
  [60_000, '1 min'],
  [99_000, '1 min 39 s'],
  [3_600_000, '1 h'],
  [7_800_000, '2 h 10 min'],
  [97_200_000, '1 d 3 h'],
])('a duration of %d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, 'now'],
  [999, 'now'],
  [12_000, '12 s ago'],
  [179_000, '2 min ago'],
  [3_600_000, '1 h ago'],
  [172_800_000, '2 d ago'],
])('%d ms ago reads %s', (ms, text) => {
  expect(formatAgo(1_000_000_000 - ms, 1_000_000_000)).toBe(text);
});

test('a moment in the future is now: clocks differ', () => {
  expect(formatAgo(5000, 1000)).toBe('now');
});
