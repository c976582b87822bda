'use client';

import type { RowData } from '@tanstack/react-table';
import type { MouseEvent, ReactNode } from 'react';
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
  /** Where the row leads; its first cell is a link there. */
  href: string | undefined;
  onOpen: () => void;
}) {
  const { row, columns, href } = props;
  function onClick(event: MouseEvent) {
    props.onActivate();
    const isControl = event.target instanceof Element && event.target.closest(CONTROLS) !== null;
    if (!isControl && window.getSelection()?.isCollapsed !== false) props.onOpen();
  }
  return (
    <tr
      id={props.id}
      aria-rowindex={props.index + 2}
      aria-selected={props.selectable ? props.isSelected : undefined}
      aria-current={props.isOpen || undefined}
      data-active={props.isActive || undefined}
      data-opens={href !== undefined || undefined}
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
      {columns.map((column, index) => {
        const content = column.cell === undefined ? column.value(row.original) : column.cell(row.original);
        return (
          <td key={column.id} data-numeric={column.numeric || undefined}>
            {index === 0 && href !== undefined ? (
              <RowLink href={href} onOpen={props.onOpen}>
                {content}
              </RowLink>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** A link for the mouse, the middle button and screen readers; the keyboard has Enter on the row. */
function RowLink({ href, onOpen, children }: { href: string; onOpen: () => void; children: ReactNode }) {
  function onClick(event: MouseEvent) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onOpen();
  }
  return (
    <a href={href} tabIndex={-1} onClick={onClick}>
      {children}
    </a>
  );
}
