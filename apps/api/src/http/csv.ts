import { Readable } from 'node:stream';
import { csvLine, type CsvValue } from '@hostmesh/core';

/** One column: its heading, and its cell for a row. */
export type CsvColumn<Row> = readonly [heading: string, cell: (row: Row) => CsvValue];

/** A CSV file (RFC 4180) of rows that arrive in batches, written as it is read. */
export function csvStream<Row>(
  columns: readonly CsvColumn<Row>[],
  batches: AsyncIterable<readonly Row[]>,
): Readable {
  return Readable.from(csvChunks(columns, batches), { objectMode: false });
}

async function* csvChunks<Row>(columns: readonly CsvColumn<Row>[], batches: AsyncIterable<readonly Row[]>) {
  yield csvLine(columns.map(([heading]) => heading));
  for await (const rows of batches) {
    yield rows.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join('');
  }
}

/** Whether the caller prefers a CSV file to JSON. */
export const wantsCsv = (accept: string | undefined): boolean => /\btext\/csv\b/.test(accept ?? '');
