'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef } from 'react';
import { useNavigate } from '../navigation/use-navigate.ts';
import type { Column } from './column.ts';
import { GridRow } from './grid-row.tsx';
import type { Density } from './preferences.ts';
import { nextSort, parseSort } from './sort.ts';
import { useActiveRow } from './use-active-row.ts';
import type { Selection } from './use-selection.ts';
import styles from './data-table.module.css';

const ROW_PX: Record<Density, number> = { dense: 32, comfortable: 40 };
const OVERSCAN = 6;
const SELECT_PX = 36;

interface GridProps<Row> {
  noun: readonly [one: string, many: string];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  columns: readonly Column<Row>[];
  sort: string;
  onSort: (sort: string) => void;
  /** Undefined when rows cannot be selected. */
  selection: Selection | undefined;
  allSelected: boolean;
  density: Density;
  rowLabel: (row: Row) => string;
  rowHref: ((row: Row) => string) | undefined;
  opensBeside: boolean;
  openId: string | undefined;
}

/** Header and rows. Only rows in view are in the document. */
export function Grid<Row>(props: GridProps<Row>) {
  const { rows, columns, selection, noun } = props;
  const baseId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const rowPx = ROW_PX[props.density];
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualiser re-renders this component itself
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowPx]);
  const open = useOpen(props.opensBeside);
  const items = virtualizer.getVirtualItems();
  const { active, setActive, onKey } = useActiveRow({
    ...props,
    grid,
    pageRows: Math.max(1, items.length - 2 * OVERSCAN),
    scrollTo: (index) => virtualizer.scrollToIndex(index),
    open,
  });

  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const minWidth = columns.reduce((sum, column) => sum + column.width, selection ? SELECT_PX : 0);
  return (
    <div ref={scroller} className={styles['scroller']}>
      <table
        ref={grid}
        role="grid"
        tabIndex={0}
        className={styles['grid']}
        style={{ minWidth }}
        aria-label={noun[1]}
        aria-rowcount={rows.length + 1}
        aria-multiselectable={selection && true}
        aria-activedescendant={rows[active] === undefined ? undefined : `${baseId}-${active}`}
        onKeyDown={onKey}
        onFocus={(event) => event.target === grid.current && active < 0 && setActive(0)}
      >
        <GridHead {...props} />
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const id = props.rowId(row);
            return (
              <GridRow
                key={id}
                row={row}
                id={`${baseId}-${index}`}
                index={index}
                columns={columns}
                label={props.rowLabel(row)}
                isActive={index === active}
                isOpen={id === props.openId}
                isSelected={selection?.has(id)}
                onToggle={selection?.toggle}
                onActivate={setActive}
                href={props.rowHref?.(row)}
                onOpen={open}
              />
            );
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
      {rows.length === 0 && <p className={styles['nothing']}>No {noun[0]} matches this filter.</p>}
    </div>
  );
}

/** The columns' widths and headers, with a box that selects all rows. */
function GridHead<Row>(props: GridProps<Row>) {
  const { rows, columns, selection, allSelected } = props;
  return (
    <>
      <colgroup>
        {selection && <col style={{ width: SELECT_PX }} />}
        {columns.map((column) => (
          <col key={column.id} style={column.grow ? undefined : { width: column.width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {selection && (
            <th scope="col" className={styles['check']}>
              <input
                type="checkbox"
                aria-label={`Select all ${props.noun[1]} shown`}
                checked={rows.length > 0 && allSelected}
                ref={(box) => {
                  if (box) box.indeterminate = selection.size > 0 && !allSelected;
                }}
                onChange={(event) => selection.toggleAll(event.target.checked)}
              />
            </th>
          )}
          {columns.map((column) => (
            <HeaderCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
          ))}
        </tr>
      </thead>
    </>
  );
}

/** Room for the rows that are not in the document. */
const Gap = ({ height }: { height: number }) => (
  <tr aria-hidden="true" style={{ height }}>
    <td />
  </tr>
);

function HeaderCell<Row>(props: { column: Column<Row>; sort: string; onSort: (sort: string) => void }) {
  const { column, sort } = props;
  const order = parseSort(sort);
  const direction = order?.id === column.id ? (order.descending ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" aria-sort={direction} data-numeric={column.numeric || undefined}>
      <button type="button" onClick={() => props.onSort(nextSort(sort, column.id))}>
        {column.header}
        <span className={styles['order']} aria-hidden="true">
          {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  );
}

/** Goes to a row's page. A panel of the same page keeps the list as it is; another page starts afresh. */
function useOpen(opensBeside: boolean): (href: string) => void {
  const { push, pushBeside } = useNavigate();
  return opensBeside ? pushBeside : push;
}
