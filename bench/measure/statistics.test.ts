import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interleavedMedians, median, percentile } from './statistics.ts';

test('at most half of the values are on either side of their median', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values);
      expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

test('contestants take turns, and the first round does not count', async () => {
  const order: string[] = [];
  const contestant = (name: string, values: readonly number[]) => {
    const left = [...values];
    return () => {
      order.push(name);
      return Promise.resolve(left.shift() ?? NaN);
    };
  };
  const contestants = { a: contestant('a', [1000, 1, 2, 3]), b: contestant('b', [1000, 6, 4, 5]) };
  expect(await interleavedMedians(3, contestants, () => undefined)).toEqual({ a: 2, b: 5 });
  expect(order.join('')).toBe('abababab');
});

test('the asked share of values is not above their percentile, and it is one of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const value = percentile(values, share);
        expect(values).toContain(value);
        expect(values.filter((each) => each <= value).length).toBeGreaterThanOrEqual(values.length * share);
      },
    ),
  );
});
