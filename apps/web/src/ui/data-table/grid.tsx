'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRouter } from 'next/navigation';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Column } from './column.ts';
import type { DataTableProps } from './data-table.tsx';
import { GridRow } from './grid-row.tsx';
import { nextRow } from './keys.ts';
import type { Density } from './preferences.ts';
import type { TableModel } from './table-model.ts';
import type { RowData } from '@tanstack/react-table';
import styles from './data-table.module.css';

const ROW_PX: Record<Density, number> = { dense: 32, comfortable: 40 };
const OVERSCAN = 6;
const SELECT_PX = 36;

type GridProps<Row extends RowData> = DataTableProps<Row> & {
  model: TableModel<Row>;
  visible: readonly Column<Row>[];
  density: Density;
  selectable: boolean;
};

/**
 * Header and rows. Only rows in view are in the document. The keyboard moves an active row (j, k, arrows, Home,
 * End), opens it (Enter) and selects it (Space); the focus itself stays on the grid, so scrolling cannot lose it.
 */
export function Grid<Row extends RowData>(props: GridProps<Row>) {
  const { model, visible, density, selectable, rowHref, opensBeside = false, noun } = props;
  const router = useRouter();
  const baseId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState(-1);
  const { rows } = model.getRowModel();
  const rowPx = ROW_PX[density];
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualiser re-renders this component itself
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowPx]);

  function moveTo(index: number) {
    setActive(index);
    virtualizer.scrollToIndex(index);
  }
  function open(index: number) {
    const row = rows[index];
    if (row === undefined || rowHref === undefined) return;
    // A panel of the same page keeps the list as it is; another page starts afresh.
    const keep = opensBeside ? window.location.search : '';
    router.push(rowHref(row.original) + keep, { scroll: !opensBeside });
  }
  function onKey(event: KeyboardEvent) {
    if (event.target !== grid.current || event.metaKey || event.ctrlKey || event.altKey) return;
    const next = nextRow(
      event.key,
      active,
      rows.length,
      Math.max(1, virtualizer.getVirtualItems().length - 2 * OVERSCAN),
    );
    if (next !== null) moveTo(next);
    else if (event.key === 'Enter') open(active);
    else if (event.key === ' ' && selectable) rows[active]?.toggleSelected();
    else return;
    event.preventDefault();
  }
  useFirstKey(grid, () => moveTo(Math.max(0, active)));

  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const minWidth = visible.reduce((sum, column) => sum + column.width, selectable ? SELECT_PX : 0);
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
        aria-multiselectable={selectable || undefined}
        aria-activedescendant={rows[active] === undefined ? undefined : `${baseId}-${active}`}
        onKeyDown={onKey}
        onFocus={(event) => event.target === grid.current && active < 0 && setActive(0)}
      >
        <colgroup>
          {selectable && <col style={{ width: SELECT_PX }} />}
          {visible.map((column) => (
            <col key={column.id} style={column.grow ? undefined : { width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selectable && (
              <th scope="col" className={styles['check']}>
                <input
                  type="checkbox"
                  aria-label={`Select all ${noun[1]} shown`}
                  checked={rows.length > 0 && model.getIsAllRowsSelected()}
                  ref={(box) => {
                    if (box) box.indeterminate = model.getIsSomeRowsSelected();
                  }}
                  onChange={model.getToggleAllRowsSelectedHandler()}
                />
              </th>
            )}
            {visible.map((column) => (
              <HeaderCell key={column.id} column={column} model={model} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <GridRow
                  key={row.id}
                  row={row}
                  id={`${baseId}-${index}`}
                  index={index}
                  columns={visible}
                  label={props.rowLabel(row.original)}
                  selectable={selectable}
                  isSelected={row.getIsSelected()}
                  isActive={index === active}
                  isOpen={row.id === props.openId}
                  onActivate={() => setActive(index)}
                  href={rowHref?.(row.original)}
                  onOpen={() => open(index)}
                />
              )
            );
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
      {rows.length === 0 && <p className={styles['nothing']}>No {noun[0]} matches this filter.</p>}
    </div>
  );
}

/** Room for the rows that are not in the document. */
const Gap = ({ height }: { height: number }) => (
  <tr aria-hidden="true" style={{ height }}>
    <td />
  </tr>
);

function HeaderCell<Row extends RowData>({ column, model }: { column: Column<Row>; model: TableModel<Row> }) {
  const order = model.getColumn(column.id)?.getIsSorted() ?? false;
  const direction = order === false ? undefined : order === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={direction} data-numeric={column.numeric || undefined}>
      <button type="button" onClick={() => model.getColumn(column.id)?.toggleSorting()}>
        {column.header}
        <span className={styles['order']} aria-hidden="true">
          {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  );
}

/** The first `j` or `k` on a page, with the focus nowhere, goes to the table. */
function useFirstKey(grid: React.RefObject<HTMLElement | null>, onFirst: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isNowhere = document.activeElement === document.body || document.activeElement?.id === 'content';
      if (!isNowhere || !/^[jk]$/.test(event.key) || event.metaKey || event.ctrlKey) return;
      grid.current?.focus();
      onFirst();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
