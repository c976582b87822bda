import { expect, test } from 'vitest';
import { safeLine, table } from './table.ts';

test('columns are as wide as their widest cell', () => {
  const rows = [
    { a: 'x', b: 'long text' },
    { a: 'wider', b: '' },
  ];
  expect(
    table(rows, [
      { title: 'a', of: (row) => row.a },
      { title: 'b', of: (row) => row.b },
    ]),
  ).toBe('A      B\nx      long text\nwider');
});

test('control characters of a host do not reach the terminal, but for the tabs of its output', () => {
  expect(safeLine('a\tb\u001b[2J\r\u0007\u009b1m')).toBe('a\tb\uFFFD[2J\uFFFD\uFFFD\uFFFD1m');
});
