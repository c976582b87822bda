'use client';

import { memo, type MouseEvent } from 'react';
import { AppLink } from '../app-link.tsx';
import type { Column } from './column.ts';
import styles from './data-table.module.css';

/** What handles a click itself. */
const CONTROLS = 'a, button, input, summary, label';

interface GridRowProps<Row> {
  row: Row;
  id: string;
  index: number;
  columns: readonly Column<Row>[];
  label: string;
  isActive: boolean;
  isOpen: boolean;
  /** Undefined when rows cannot be selected. */
  isSelected: boolean | undefined;
  onToggle: ((index: number, extend: boolean) => void) | undefined;
  onActivate: (index: number) => void;
  /** Where the row leads; its first cell is a link there. */
  href: string | undefined;
  onOpen: (href: string) => void;
}

/** One row. A click opens it, unless it was meant for something in the row or ended a selection of text. */
function BareGridRow<Row>(props: GridRowProps<Row>) {
  const { row, index, columns, href, isSelected, onToggle, onOpen } = props;
  function onClick(event: MouseEvent) {
    props.onActivate(index);
    const isControl = event.target instanceof Element && event.target.closest(CONTROLS) !== null;
    if (href !== undefined && !isControl && window.getSelection()?.isCollapsed !== false) onOpen(href);
  }
  return (
    <tr
      id={props.id}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-current={props.isOpen || undefined}
      data-active={props.isActive || undefined}
      data-opens={href !== undefined || undefined}
      onClick={onClick}
    >
      {onToggle !== undefined && (
        <td className={styles['check']}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${props.label}`}
            checked={isSelected ?? false}
            // The click, not the change, knows whether shift was held; the keyboard clicks too.
            onClick={(event) => onToggle(index, event.shiftKey)}
            readOnly
          />
        </td>
      )}
      {columns.map((column, at) => {
        const content = column.cell === undefined ? column.value(row) : column.cell(row);
        return (
          <td key={column.id} data-numeric={column.numeric || undefined}>
            {at === 0 && href !== undefined ? (
              // For the mouse and screen readers; the keyboard has Enter on the row.
              <AppLink href={href} tabIndex={-1} onFollow={onOpen}>
                {content}
              </AppLink>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}

// `memo` loses the type parameter; the component is the same.
export const GridRow = memo(BareGridRow) as typeof BareGridRow;
