import { expect, test } from 'vitest';
import { toCsv, type Column } from './column.ts';

test('a table is exported as its headers and its values, none of which a spreadsheet runs', () => {
  const columns: readonly Column<{ value: string | null }>[] = [
    { id: 'v', header: 'Value', value: ({ value }) => value, width: 1 },
    { id: 'n', header: 'Length', value: ({ value }) => value?.length ?? -1, width: 1 },
  ];
  expect(toCsv([{ value: '=A1' }, { value: null }], columns)).toBe("Value,Length\r\n'=A1,3\r\n,-1\r\n");
});
