import { expect, test } from 'vitest';
import { concatExtents, extentOf, makeExtent, numRanks, printExtent } from './extent.ts';

test('the number of ranks is the product of the sizes, one without dimensions', () => {
  expect(numRanks(extentOf({ x: 4, y: 5 }))).toBe(20);
  expect(numRanks(extentOf({}))).toBe(1);
  expect(numRanks(extentOf({ x: 4, y: 0 }))).toBe(0);
});

test('an extent prints its labels and sizes', () => {
  expect(printExtent(extentOf({ x: 4, y: 5 }))).toBe('{x: 4, y: 5}');
  expect(printExtent(extentOf({}))).toBe('{}');
});

test('labels that repeat or do not match the sizes are refused', () => {
  expect(makeExtent(['x', 'y', 'x'], [1, 2, 3])).toMatchObject({
    fault: { code: 'overlapping_label', message: 'overlapping label found: x' },
  });
  expect(makeExtent(['x'], [1, 2])).toMatchObject({
    fault: { code: 'dimension_mismatch', message: 'label/sizes dimension mismatch: 1 != 2' },
  });
});

test('concatenation appends dimensions, is associative, and has the empty extent as identity', () => {
  const [a, b, c] = [extentOf({ hosts: 2 }), extentOf({ gpus: 4 }), extentOf({ z: 3 })];
  const join = (left: typeof a, right: typeof a) => {
    const joined = concatExtents(left, right);
    if (!joined.ok) throw new Error(joined.fault.message);
    return joined.value;
  };
  expect(printExtent(join(a, b))).toBe('{hosts: 2, gpus: 4}');
  expect(numRanks(join(a, b))).toBe(8);
  expect(join(join(a, b), c)).toEqual(join(a, join(b, c)));
  expect(join(a, extentOf({}))).toEqual(a);
  expect(join(extentOf({}), a)).toEqual(a);
  expect(concatExtents(a, a)).toMatchObject({ fault: { code: 'overlapping_label' } });
});
