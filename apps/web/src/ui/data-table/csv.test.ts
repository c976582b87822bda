import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

const export1 = (value: string | number | null) =>
  toCsv(
    [{ value }],
    [{ id: 'v', header: 'Value', value: (row: { value: typeof value }) => row.value, width: 1 }],
  );

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"\nthere', '"say ""hi""\nthere"'],
  [null, ''],
  [-4, '-4'],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['@sum', `'@sum`],
])('the value %j is written so that a spreadsheet reads it as text', (value, field) => {
  expect(export1(value)).toBe(`Value\r\n${field}\r\n`);
});
