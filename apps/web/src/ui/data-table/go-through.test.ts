import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goThrough } from './go-through.ts';
import { sortRows } from './sort.ts';

const signal = new AbortController().signal;
const keyOf = (row: { n: number | null }) => row.n;

test('slices make the same of rows as going through them at once', async () => {
  const rows = fc.array(fc.record({ n: fc.option(fc.nat(20)) }), { maxLength: 2000, size: 'max' });
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (rows, descending) => {
      const isOdd = (row: { n: number | null }) => row.n !== null && row.n % 2 === 1;
      const at = await goThrough(rows, { test: isOdd, keyOf, descending }, signal);
      expect(at).toEqual(sortRows(rows.filter(isOdd), keyOf, descending));
    }),
    { numRuns: 20 },
  );
});

test('without anything wanted all rows stay as they are', async () => {
  const rows = [{ n: 3 }, { n: 1 }];
  expect(await goThrough(rows, { test: null, keyOf: undefined, descending: false }, signal)).toEqual(rows);
});

test('after each slice others have their turn, and what is no longer wanted then comes to nothing', async () => {
  const stop = new AbortController();
  const rows = Array.from({ length: 20_000 }, (_, n) => ({ n }));
  let tested = 0;
  const count = () => {
    tested += 1;
    return true;
  };
  // A clock by which every look finds the slice over.
  let nowMs = 0;
  const now = () => (nowMs += 20);
  const going = goThrough(rows, { test: count, keyOf: undefined, descending: false }, stop.signal, now);
  const inFirstSlice = tested;
  stop.abort();
  expect(await going).toBeNull();
  expect(inFirstSlice).toBeGreaterThan(0);
  expect(tested).toBe(inFirstSlice);
});
