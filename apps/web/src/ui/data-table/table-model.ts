'use client';

import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type ReactTable,
  type Row as ModelRow,
  type RowData,
  type RowSelectionState,
  type SortingState,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { Column } from './column.ts';

const features = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});
export type TableRow<Row extends RowData> = ModelRow<typeof features, Row>;
export type TableModel<Row extends RowData> = ReactTable<typeof features, Row, unknown>;

/** Text sorts as people count: `gpu9` before `gpu10`. Nothing sorts last. */
function sortKey(value: string | number | null): string | number | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return value;
  return value.toLowerCase().replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'));
}

const byKey = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

/** The rows of a table in order, with what is selected and which columns are shown; the state is the caller's. */
export function useTableModel<Row extends RowData>(given: {
  rows: readonly Row[];
  rowId: (row: Row) => string;
  columns: readonly Column<Row>[];
  sorting: SortingState;
  onSorting: (next: SortingState) => void;
  selection: RowSelectionState;
  onSelection: (next: RowSelectionState) => void;
  visibility: Record<string, boolean>;
}): TableModel<Row> {
  const columns = useMemo(
    () =>
      given.columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        accessorFn: (row) => sortKey(column.value(row)),
        // Rows without a key never get here: `sortUndefined` puts them last.
        sortFn: (a, b, id) => byKey(a.getValue<string | number>(id), b.getValue<string | number>(id)),
        sortUndefined: 'last',
        sortDescFirst: false,
      })),
    [given.columns],
  );
  return useTable<typeof features, Row>({
    features,
    columns,
    data: given.rows,
    getRowId: given.rowId,
    enableMultiSort: false,
    state: { sorting: given.sorting, rowSelection: given.selection, columnVisibility: given.visibility },
    onSortingChange: (next) => given.onSorting(typeof next === 'function' ? next(given.sorting) : next),
    onRowSelectionChange: (next) =>
      given.onSelection(typeof next === 'function' ? next(given.selection) : next),
  });
}
