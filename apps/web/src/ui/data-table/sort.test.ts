import { expect, test } from 'vitest';
import { nextSort, parseSort, sortKey, sortRows } from './sort.ts';

const sorted = (values: (string | number | null)[], descending = false) =>
  sortRows(values, sortKey, descending);

test('text sorts as people count', () => {
  expect(sorted(['gpu10', 'GPU9', 'gpu1'])).toEqual(['gpu1', 'GPU9', 'gpu10']);
});

test('what has no value comes last either way', () => {
  expect(sorted([null, 2, 10])).toEqual([2, 10, null]);
  expect(sorted([null, 2, 10], true)).toEqual([10, 2, null]);
});

test('equal rows keep their order', () => {
  const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];
  expect(sortRows(rows, () => 'same', true)).toEqual(rows);
});

test('presses on a header go through ascending, descending and none', () => {
  const first = nextSort('', 'rank');
  const second = nextSort(first, 'rank');
  expect(parseSort(first)).toEqual({ id: 'rank', descending: false });
  expect(parseSort(second)).toEqual({ id: 'rank', descending: true });
  expect(parseSort(nextSort(second, 'rank'))).toBeNull();
  expect(nextSort(second, 'state')).toBe('state');
});
