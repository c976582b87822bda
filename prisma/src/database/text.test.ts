import { expect, test } from 'vitest';
import { containing, jsonRows, storable } from './text.ts';

test('text without anything that Postgres refuses stays as it is', () => {
  expect(storable('naïve 🚀 %_\\')).toBe('naïve 🚀 %_\\');
});

test('NUL and halves of surrogate pairs are replaced, at any depth', () => {
  expect(jsonRows([{ a: ['x\0'], b: { c: '\uD83D!' }, d: null, e: 1 }])).toBe(
    '[{"a":["x\uFFFD"],"b":{"c":"\uFFFD!"},"d":null,"e":1}]',
  );
});

test('what LIKE gives a meaning to is escaped', () => {
  expect(containing('50%_\\').contains).toBe('50\\%\\_\\\\');
});
