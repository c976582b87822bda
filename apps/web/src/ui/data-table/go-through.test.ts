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

test('what is no longer wanted comes to nothing', async () => {
  const stop = new AbortController();
  const rows = Array.from({ length: 20_000 }, (_, n) => ({ n }));
  const slow = (_row: { n: number }) => {
    for (const until = performance.now() + 0.002; performance.now() < until;);
    return true;
  };
  const going = goThrough(rows, { test: slow, keyOf: undefined, descending: false }, stop.signal);
  stop.abort();
  expect(await going).toBeNull();
});
