import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

describe('a line of CSV', () => {
  test.each([
    ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'\t=1`],
    ['plain', 'plain'],
    ['\x1b[31mred\x00', '\uFFFD[31mred\uFFFD'],
    ['\x9b31m', '\uFFFD31m'],
    ['\u202Egpj.exe', '\uFFFDgpj.exe'],
    [' =1+1', `' =1+1`],
    ['＝1', `'＝1`],
    ['\uFEFF=1', '\uFFFD=1'],
    ['a,b', '"a,b"'],
    ['say "hi"\nthere', '"say ""hi""\nthere"'],
    ['\n=1', `"'\n=1"`],
    [null, ''],
    [undefined, ''],
    [-3, '-3'],
  ])('has the cell %j as %j', (value, cell) => {
    expect(csvLine(['first', value, 2])).toBe(`first,${cell},2\r\n`);
  });

  test('has no text of a host that begins a formula', () => {
    fc.assert(
      fc.property(fc.string(), (value) => !/^"?(\s*[=+\-@]|[\t\r\n])/.test(csvLine([value]).slice(0, -2))),
    );
  });
});
