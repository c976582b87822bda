import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSelection, printSelection } from './selection-text.ts';

test('ranks become ranges', () => {
  expect(printSelection(['7', '0', '1', '2', '10'])).toBe('0-2,7,10');
});

test('what is printed is read back, ids of any kind', () => {
  const ids = fc.uniqueArray(fc.oneof(fc.nat(5000).map(String), fc.string({ minLength: 1 })));
  fc.assert(
    fc.property(ids, (ids) => {
      expect([...parseSelection(printSelection(ids))].sort()).toEqual([...ids].sort());
    }),
  );
});

test.each([['07'], ['1-3'], ['7', '07', '5-6', '5']])(
  'ids that look like ranks or ranges stay what they are: %j',
  (...ids) => {
    expect([...parseSelection(printSelection(ids))].sort()).toEqual([...ids].sort());
  },
);

test('nonsense in a URL selects nothing, and never too much', () => {
  expect(parseSelection('')).toEqual([]);
  expect(parseSelection('9-3,,')).toEqual([]);
  expect(parseSelection('0-999999999')).toEqual([]);
});
