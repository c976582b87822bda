import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, csvStream } from './csv.ts';

describe('csv', () => {
  test.each([
    ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'\t=1`],
    ['plain', 'plain'],
    ['\x1b[31mred\x00', '\uFFFD[31mred\uFFFD'],
    ['\x9b31m', '\uFFFD31m'],
    ['a,b', '"a,b"'],
    ['line\nbreak', '"line\nbreak"'],
    [null, ''],
    [-3, '-3'],
  ])('the cell %j is written as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  test('no text of a host begins a formula', () => {
    fc.assert(fc.property(fc.string(), (value) => !/^"?[=+\-@\t\r]/.test(csvCell(value))));
  });

  test('rows are written in the order in which they come', async () => {
    async function* batches() {
      yield [{ n: 1 }, { n: 2 }];
      yield [{ n: 3 }];
    }
    expect(await text(csvStream([['n', (row) => row.n]], batches()))).toBe('n\r\n1\r\n2\r\n3\r\n');
  });
});
