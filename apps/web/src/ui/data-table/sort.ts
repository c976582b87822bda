/** By which column, and which way. In the URL: the column's id, with `-` in front when descending. */
export interface Sort {
  readonly id: string;
  readonly descending: boolean;
}

export const parseSort = (text: string): Sort | null =>
  text === '' ? null : { id: text.replace(/^-/, ''), descending: text.startsWith('-') };

/** What a press on a column's header makes of the present order: ascending, descending, then none. */
export function nextSort(text: string, id: string): string {
  if (text === id) return `-${id}`;
  return text === `-${id}` ? '' : id;
}

export type SortKey = string | number | null;

/** Text sorts as people count: `gpu9` before `gpu10`. */
export const sortKey = (value: string | number | null): SortKey =>
  typeof value === 'string'
    ? value.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'))
    : value;

/** The order of two keys; rows without a key come last either way. */
export function compareKeys(a: SortKey, b: SortKey, descending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === descending ? 1 : -1;
}

/** `rows` by their keys; equal ones keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => SortKey,
  descending: boolean,
): readonly Row[] {
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => compareKeys(a.key, b.key, descending))
    .map(({ row }) => row);
}
