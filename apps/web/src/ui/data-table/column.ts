import { csvLine } from '@hostmesh/core';
import type { ReactNode } from 'react';

/** One column of a table: what its rows are sorted, filtered and exported by, and how a cell looks. */
export interface Column<Row> {
  /** Also the key of its filter token: `state:failed`. */
  readonly id: string;
  readonly header: string;
  /** What the column says about a row, as text or number; null when it says nothing. */
  readonly value: (row: Row) => string | number | null;
  /** How that looks; the value as text when absent. */
  readonly cell?: (row: Row) => ReactNode;
  /** Width in pixels; columns that `grow` share what is left over. */
  readonly width: number;
  readonly grow?: boolean;
  readonly numeric?: boolean;
  /** `exact`: a token must name the whole value; `part` (default): a part is enough. */
  readonly match?: 'exact' | 'part';
  /** Hidden until chosen. */
  readonly hidden?: boolean;
  /** Shown on narrow screens too; the first column always is. */
  readonly narrow?: boolean;
}

/** Rows as CSV, one line of headers first. */
export const toCsv = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string =>
  [
    csvLine(columns.map((column) => column.header)),
    ...rows.map((row) => csvLine(columns.map((column) => column.value(row)))),
  ].join('');
