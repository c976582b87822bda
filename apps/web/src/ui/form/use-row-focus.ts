'use client';

import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * Keeps the focus in a list of rows that grows and shrinks. `focusRow(index)`, called with the change of the list, moves
 * it to the first input of that row once the row is there, and to the button that adds one when there is no such row.
 * Rows are marked with `data-row`, that button with `data-add`.
 */
export function useRowFocus<List extends HTMLElement>(): {
  readonly list: RefObject<List | null>;
  readonly focusRow: (index: number) => void;
} {
  const list = useRef<List>(null);
  const wanted = useRef<number | null>(null);
  // Not a passive effect: one left over from an earlier render may run before the rows have changed.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = list.current?.querySelectorAll('[data-row]').item(wanted.current);
    wanted.current = null;
    const target = row?.querySelector('input') ?? list.current?.querySelector<HTMLElement>('[data-add]');
    target?.focus();
  });
  function focusRow(index: number): void {
    wanted.current = index;
  }
  return { list, focusRow };
}
