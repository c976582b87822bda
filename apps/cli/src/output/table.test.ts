import { expect, test } from 'vitest';
import { plain, table } from './table.ts';

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

test('terminal escapes of a host do not reach the terminal', () => {
  expect(plain('\u001b[2Jgone\n')).toBe('·[2Jgone·');
});
