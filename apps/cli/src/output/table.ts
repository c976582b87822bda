import { shownLine } from '@hostmesh/core';

/** One column of a table: its heading and the text of a row. */
interface TableColumn<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
}

/** Lines of a table for people: columns padded to their widest cell, two blanks between. */
export function table<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): string {
  const cells = [
    columns.map(({ title }) => title.toUpperCase()),
    ...rows.map((row) => columns.map(({ of }) => shownLine(of(row)))),
  ];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A line of output, with its tabs. */
export const safeLine = (text: string): string => text.split('\t').map(shownLine).join('\t');

/** The same for several lines. */
export const safeLines = (text: string): string => text.split('\n').map(safeLine).join('\n');
