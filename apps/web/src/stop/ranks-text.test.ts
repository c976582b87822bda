import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printRanks } from './ranks-text.ts';

test('neighbours are a range that ends before its last number', () => {
  expect(printRanks([3, 0, 1, 2, 7])).toEqual(['0..4,7']);
  expect(printRanks([5])).toEqual(['5']);
  expect(printRanks([])).toEqual([]);
});

test('of any ranks each is named once, in texts that the API takes', () => {
  const read = (text: string) =>
    text.split(',').flatMap((part) => {
      const [first = 0, end = first + 1] = part.split('..').map(Number);
      return Array.from({ length: end - first }, (_, index) => first + index);
    });
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(2000), { maxLength: 500 }), (ranks) => {
      const texts = printRanks(ranks, 40);
      expect(texts.every((text) => text.length <= 40)).toBe(true);
      expect(texts.flatMap(read)).toEqual([...ranks].sort((a, b) => a - b));
    }),
  );
});
