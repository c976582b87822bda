import { remember } from '../ui/data-table/remember.ts';
import { textOfAnsi } from './ansi.ts';
import type { LogRow } from './log-buffer.ts';

/** The text of a row as it is read and searched; worked out once per row. */
const textOfLogRow = remember((row: LogRow): string =>
  row.kind === 'gap' ? '' : textOfAnsi(row.kind === 'line' ? row.entry.text : row.line.text),
);
const lowerOfRow = remember((row: LogRow): string => textOfLogRow(row).toLowerCase());

/** The places of the rows that contain `wanted`, in whatever case; none for an empty text. */
export function findRows(rows: readonly LogRow[], wanted: string): readonly number[] {
  const text = wanted.toLowerCase();
  if (text === '') return [];
  const found: number[] = [];
  rows.forEach((row, index) => {
    if (lowerOfRow(row).includes(text)) found.push(index);
  });
  return found;
}

/** `text` cut where `wanted` is in it; every second part is what was found. */
export function cutByFound(text: string, wanted: string): readonly string[] {
  if (wanted === '') return [text];
  const [whole, part] = [text.toLowerCase(), wanted.toLowerCase()];
  // Where lower case has another length (`İ`), places in it are not places in the text.
  if (whole.length !== text.length) return [text];
  const parts: string[] = [];
  let from = 0;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + part.length));
    from = at + part.length;
  }
  return [...parts, text.slice(from)];
}
