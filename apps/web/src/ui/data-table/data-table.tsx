'use client';

import { useDeferredValue, useMemo, type ReactNode } from 'react';
import { useNarrow } from '../use-narrow.ts';
import type { Column } from './column.ts';
import { parseFilter, unknownKeys, withToken } from './filter.ts';
import { Grid } from './grid.tsx';
import { usePreferences } from './preferences.ts';
import { SelectionBar, Toolbar } from './toolbar.tsx';
import { useUrlState } from './url-state.ts';
import { useSelection } from './use-selection.ts';
import { useShownRows } from './use-shown-rows.ts';
import styles from './data-table.module.css';

export interface DataTableProps<Row> {
  /** Under this name the reader's choice of columns is remembered. */
  readonly name: string;
  /** One row's noun, and many: "host", "hosts". */
  readonly noun: readonly [one: string, many: string];
  /** Keep the array's identity, and each row's, while nothing changes. */
  readonly rows: readonly Row[];
  /** Keep its identity: declare it outside of the component. */
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
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, columns, rowId, urlPrefix = '' } = props;
  const [filter, setFilter] = useUrlState(`${urlPrefix}filter`);
  const [sort, setSort] = useUrlState(`${urlPrefix}sort`);
  const [selected, setSelected] = useUrlState(`${urlPrefix}selected`);
  const preferences = usePreferences();
  const visibility = useVisibility(props.name, columns);
  const visible = useMemo(() => columns.filter((column) => visibility[column.id]), [columns, visibility]);

  // The input stays ahead of the rows while many of them are gone through.
  const wanted = useDeferredValue(filter);
  const terms = useMemo(() => parseFilter(wanted), [wanted]);
  const shown = useShownRows(rows, columns, terms, sort);
  const selection = useSelection(shown, rowId, selected, setSelected);
  const chosen = useMemo(
    () => (selection.size === 0 ? [] : rows.filter((row) => selection.has(rowId(row)))),
    [rows, rowId, selection],
  );
  const chosenShown = selection.size === 0 ? 0 : shown.filter((row) => selection.has(rowId(row))).length;

  if (rows.length === 0) return props.empty;
  return (
    <div
      className={styles['table']}
      data-density={preferences.density}
      data-rows
      role="group"
      aria-label={`Table of ${props.noun[1]}`}
      tabIndex={-1}
    >
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
        shown={shown}
        tools={props.tools}
      />
      {props.actions !== undefined && chosen.length > 0 && (
        <SelectionBar
          count={chosen.length}
          total={rows.length}
          many={props.noun[1]}
          hidden={chosen.length - chosenShown}
          onClear={selection.clear}
        >
          {props.actions(chosen)}
        </SelectionBar>
      )}
      <Grid
        noun={props.noun}
        rows={shown}
        rowId={rowId}
        columns={visible}
        sort={sort}
        onSort={setSort}
        selection={props.actions === undefined ? undefined : selection}
        allSelected={chosenShown === shown.length}
        density={preferences.density}
        rowLabel={props.rowLabel}
        rowHref={props.rowHref}
        opensBeside={props.opensBeside ?? false}
        openId={props.openId}
      />
    </div>
  );
}

function useVisibility<Row>(
  name: string,
  columns: readonly Column<Row>[],
): Readonly<Record<string, boolean>> {
  const preferences = usePreferences();
  const narrow = useNarrow();
  const chosen = preferences.columns[name];
  return useMemo(
    () =>
      Object.fromEntries(
        columns.map((column, index) => [
          column.id,
          index === 0 || (chosen?.[column.id] ?? (!column.hidden && (!narrow || column.narrow === true))),
        ]),
      ),
    [columns, narrow, chosen],
  );
}

/** A token for the first column that wants whole values, as the first row has it. */
function exampleOf<Row>(row: Row | undefined, columns: readonly Column<Row>[]): string | null {
  const column = columns.find((column) => column.match === 'exact' && !column.numeric);
  const value = row === undefined ? null : (column?.value(row) ?? null);
  return column === undefined || value === null ? null : withToken('', column.id, String(value));
}
