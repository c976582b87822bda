import { expect, test } from 'vitest';
import { allOf, countOf, formatCount, oneOrMany, timesText } from './count.ts';

test.each([
  [0, '0 hosts', 'All 0 hosts', 'are'],
  [1, '1 host', 'The host', 'is'],
  [2, '2 hosts', 'All 2 hosts', 'are'],
  [10_000, '10,000 hosts', 'All 10,000 hosts', 'are'],
])('%d hosts are written as %s and %s, and they %s', (count, text, all, verb) => {
  expect(countOf(count, 'host')).toBe(text);
  expect(allOf(count, 'host')).toBe(all);
  expect(oneOrMany(count, 'is', 'are')).toBe(verb);
});

test('a plural that is not made by an s is given', () => {
  expect([1, 3].map((count) => countOf(count, 'proc mesh', 'proc meshes'))).toEqual([
    '1 proc mesh',
    '3 proc meshes',
  ]);
  expect([1, 2].map(timesText)).toEqual(['once', '2 times']);
  expect(formatCount(1_234_567)).toBe('1,234,567');
});
