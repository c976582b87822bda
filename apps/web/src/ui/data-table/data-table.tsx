'use client';

import type { RowData } from '@tanstack/react-table';
import { useDeferredValue, useMemo, type ReactNode } from 'react';
import { useNarrow } from '../use-narrow.ts';
import type { Column } from './column.ts';
import { parseFilter, rowMatcher, unknownKeys, withToken } from './filter.ts';
import { Grid } from './grid.tsx';
import { usePreferences } from './preferences.ts';
import { parseSelection, printSelection } from './selection-text.ts';
import { parseSort, printSort } from './sort-text.ts';
import { useTableModel } from './table-model.ts';
import { SelectionBar, Toolbar } from './toolbar.tsx';
import { useUrlState } from './url-state.ts';
import styles from './data-table.module.css';

export interface DataTableProps<Row> {
  /** Under this name the reader's choice of columns is remembered. */
  readonly name: string;
  /** One row's noun, and many: "host", "hosts". */
  readonly noun: readonly [one: string, many: string];
  /** Keep the array's identity while nothing changes. */
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** What a row is called, for screen readers. */
  readonly rowLabel: (row: Row) => string;
  /** Keep the array's identity: declare it outside of the component, or memoise it. */
  readonly columns: readonly Column<Row>[];
  /** Where Enter or a click leads. */
  readonly rowHref?: ((row: Row) => string) | undefined;
  /** Rows open in a panel beside the table, so that filter and sorting stay in the URL. */
  readonly opensBeside?: boolean;
  /** Id of the row that is open beside the table. */
  readonly openId?: string | undefined;
  /** What can be done with selected rows; rows can be selected only when this is given. */
  readonly actions?: ((selected: readonly Row[]) => ReactNode) | undefined;
  /** What is said when there are no rows at all. */
  readonly empty: ReactNode;
  /** Prefix of the URL's parameters, when a page has several tables. */
  readonly urlPrefix?: string;
  /** Extra controls beside the filter. */
  readonly tools?: ReactNode;
}

/**
 * The one table of the dashboard: filter tokens, sorting, columns, selection and density, ten thousand rows and
 * more. Filter, sorting and selection live in the URL.
 */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { rows, columns, rowId, urlPrefix = '' } = props;
  const [filter, setFilter] = useUrlState(`${urlPrefix}filter`);
  const [sort, setSort] = useUrlState(`${urlPrefix}sort`);
  const [selected, setSelected] = useUrlState(`${urlPrefix}selected`);
  const preferences = usePreferences();
  const narrow = useNarrow();

  // The input stays ahead of the rows while many of them are gone through.
  const wanted = useDeferredValue(filter);
  const terms = useMemo(() => parseFilter(wanted), [wanted]);
  const shown = useMemo(
    () => (terms.length === 0 ? rows : rows.filter(rowMatcher(terms, columns))),
    [rows, terms, columns],
  );
  const selection = useMemo(
    () => Object.fromEntries(parseSelection(selected).map((id) => [id, true as const])),
    [selected],
  );
  const visibility = useMemo(() => {
    const chosen = preferences.columns[props.name] ?? {};
    return Object.fromEntries(
      columns.map((column, index) => [
        column.id,
        index === 0 || (chosen[column.id] ?? (!column.hidden && (!narrow || column.narrow === true))),
      ]),
    );
  }, [columns, narrow, preferences, props.name]);

  const model = useTableModel({
    rows: shown,
    rowId,
    columns,
    sorting: useMemo(() => parseSort(sort), [sort]),
    onSorting: (next) => setSort(printSort(next)),
    selection,
    onSelection: (next) => setSelected(printSelection(Object.keys(next).filter((id) => next[id]))),
    visibility,
  });
  const visible = columns.filter((column) => visibility[column.id]);
  const selectedRows = useMemo(() => rows.filter((row) => selection[rowId(row)]), [rows, rowId, selection]);
  const shownSelected = selectedRows.length === 0 ? 0 : shown.filter((row) => selection[rowId(row)]).length;

  if (rows.length === 0) return props.empty;
  return (
    <div className={styles['table']} data-density={preferences.density}>
      <Toolbar
        name={props.name}
        noun={props.noun}
        total={rows.length}
        columns={columns}
        visibility={visibility}
        density={preferences.density}
        filter={filter}
        unknown={unknownKeys(terms, columns)}
        example={exampleOf(rows[0], columns)}
        onFilter={setFilter}
        exported={() => model.getRowModel().rows.map((row) => row.original)}
        shown={shown.length}
        tools={props.tools}
      />
      {props.actions !== undefined && selectedRows.length > 0 && (
        <SelectionBar
          count={selectedRows.length}
          total={rows.length}
          many={props.noun[1]}
          hidden={selectedRows.length - shownSelected}
          onClear={() => setSelected('')}
        >
          {props.actions(selectedRows)}
        </SelectionBar>
      )}
      <Grid
        {...props}
        model={model}
        visible={visible}
        density={preferences.density}
        selectable={props.actions !== undefined}
      />
    </div>
  );
}

/** A token for the first column that wants whole values, as the first row has it. */
function exampleOf<Row>(row: Row | undefined, columns: readonly Column<Row>[]): string | null {
  const column = columns.find((column) => column.match === 'exact' && !column.numeric);
  const value = row === undefined ? null : (column?.value(row) ?? null);
  return column === undefined || value === null ? null : withToken('', column.id, String(value));
}
