/** Sorting in the URL: the column's id, with `-` in front when descending. */
export const parseSort = (text: string): { id: string; desc: boolean }[] =>
  text === '' ? [] : [{ id: text.replace(/^-/, ''), desc: text.startsWith('-') }];

export const printSort = (sorting: readonly { id: string; desc: boolean }[]): string =>
  sorting.map(({ id, desc }) => (desc ? `-${id}` : id)).join('');
