'use client';

import type { RowData } from '@tanstack/react-table';
import type { MouseEvent } from 'react';
import type { Column } from './column.ts';
import type { TableRow } from './table-model.ts';
import styles from './data-table.module.css';

/** What handles a click itself. */
const CONTROLS = 'a, button, input, summary, label';

/** One row. A click opens it, unless it was meant for something in the row or ended a selection of text. */
export function GridRow<Row extends RowData>(props: {
  row: TableRow<Row>;
  id: string;
  index: number;
  columns: readonly Column<Row>[];
  label: string;
  selectable: boolean;
  isSelected: boolean;
  isActive: boolean;
  isOpen: boolean;
  onActivate: () => void;
  onOpen: (() => void) | undefined;
}) {
  const { row, columns } = props;
  function onClick(event: MouseEvent) {
    props.onActivate();
    const isControl = event.target instanceof Element && event.target.closest(CONTROLS) !== null;
    if (!isControl && window.getSelection()?.isCollapsed !== false) props.onOpen?.();
  }
  return (
    <tr
      id={props.id}
      aria-rowindex={props.index + 2}
      aria-selected={props.selectable ? props.isSelected : undefined}
      aria-current={props.isOpen || undefined}
      data-active={props.isActive || undefined}
      data-opens={props.onOpen !== undefined || undefined}
      onClick={onClick}
    >
      {props.selectable && (
        <td className={styles['check']}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${props.label}`}
            checked={props.isSelected}
            onChange={row.getToggleSelectedHandler()}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} data-numeric={column.numeric || undefined}>
          {column.cell === undefined ? column.value(row.original) : column.cell(row.original)}
        </td>
      ))}
    </tr>
  );
}
