import { expect, test } from 'vitest';
import { parseRank } from './rank.ts';

test.each([
  ['0', 0],
  ['12', 12],
  ['abc', null],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
])('%j in a URL is the rank %s', (text, rank) => {
  expect(parseRank(text)).toBe(rank);
});
