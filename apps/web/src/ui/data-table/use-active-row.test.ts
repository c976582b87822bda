import { expect, test } from 'vitest';
import { nextRow } from './use-active-row.ts';

test.each([
  ['j', 3, 4],
  ['ArrowUp', 3, 2],
  ['k', 0, 0],
  ['j', 9, 9],
  ['PageDown', 3, 8],
  ['PageUp', 3, 0],
  ['Home', 3, 0],
  ['End', 3, 9],
  ['j', -1, 0],
])('%s on row %d of ten goes to row %d', (key, from, to) => {
  expect(nextRow(key, from, 10, 5)).toBe(to);
});

test('other keys move nothing, and an empty table has nowhere to go', () => {
  expect(nextRow('x', 3, 10, 5)).toBeNull();
  expect(nextRow('j', -1, 0, 5)).toBeNull();
});
