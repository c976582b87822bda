/** One column of a table: its heading and the text of a row. */
interface TableColumn<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
}

/** Lines of a table for people: columns padded to their widest cell, two blanks between. */
export function table<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): string {
  const cells = [
    columns.map(({ title }) => title.toUpperCase()),
    ...rows.map((row) => columns.map(({ of }) => plain(of(row)))),
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

/** Text from hosts is shown, never obeyed: control characters, terminal escapes among them, become `·`. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '·');
}

/** As `plain`, for a line of output: it keeps its tabs. */
export const safeLine = (text: string): string => text.replaceAll(/(?!\t)\p{Cc}/gu, '·');
