import { Readable } from 'node:stream';

/** One column: its heading, and its cell for a row. */
export type CsvColumn<Row> = readonly [
  heading: string,
  cell: (row: Row) => string | number | null | undefined,
];

/** A CSV file (RFC 4180) of rows that arrive in batches, written as it is read. */
export function csvStream<Row>(
  columns: readonly CsvColumn<Row>[],
  batches: AsyncIterable<readonly Row[]>,
): Readable {
  return Readable.from(csvChunks(columns, batches), { objectMode: false });
}

async function* csvChunks<Row>(columns: readonly CsvColumn<Row>[], batches: AsyncIterable<readonly Row[]>) {
  yield `${columns.map(([heading]) => heading).join(',')}\r\n`;
  for await (const rows of batches) {
    yield rows.map((row) => `${columns.map(([, cell]) => csvCell(cell(row))).join(',')}\r\n`).join('');
  }
}

/** Control characters but for tabs and line ends: terminals obey them, and some readers end the file there. */
// eslint-disable-next-line no-control-regex -- they are what it is about
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * One cell. Text of hosts is hostile: what a spreadsheet would take for a formula is prefixed with an apostrophe, and
 * control characters are replaced.
 */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = value.replaceAll(CONTROL, '\uFFFD');
  const text = /^[=+\-@\t\r\n]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether the caller prefers a CSV file to JSON. */
export const wantsCsv = (accept: string | undefined): boolean => /\btext\/csv\b/.test(accept ?? '');
