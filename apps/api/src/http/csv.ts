import { Readable } from 'node:stream';
import { csvLine, ok, type CsvValue } from '@hostmesh/core';

/** One column: its heading, and its cell for an item. */
export type CsvColumn<Item> = readonly [heading: string, cell: (item: Item) => CsvValue];

/** What a CSV file has: rows that arrive in batches, each shown as an item. */
export interface CsvFile<Row, Item> {
  readonly name: string;
  readonly columns: readonly CsvColumn<Item>[];
  readonly batches: AsyncIterable<readonly Row[]>;
  readonly toItem: (row: Row) => Item;
}

/** Answers with a CSV file (RFC 4180), written as it is read: one batch is in memory at a time. */
export const csvAnswer = <Row, Item>(file: CsvFile<Row, Item>) =>
  ok({
    kind: 'stream' as const,
    stream: Readable.from(csvChunks(file), { objectMode: false }),
    contentType: 'text/csv; charset=utf-8',
    headers: { 'content-disposition': `attachment; filename="${file.name}"` },
  });

async function* csvChunks<Row, Item>({ columns, batches, toItem }: CsvFile<Row, Item>) {
  yield csvLine(columns.map(([heading]) => heading));
  for await (const rows of batches) {
    const items = rows.map(toItem);
    yield items.map((item) => csvLine(columns.map(([, cell]) => cell(item)))).join('');
  }
}

/** Whether the caller prefers a CSV file to JSON. */
export const wantsCsv = (accept: string | undefined): boolean => /\btext\/csv\b/.test(accept ?? '');
