'use client';

import { useCallback, useMemo, useRef } from 'react';
import { parseSelection, printSelection } from './selection-text.ts';

/** Which rows are selected, by id; `text` is its form in the URL. */
export interface Selection {
  readonly has: (id: string) => boolean;
  readonly size: number;
  /** Selects or deselects a row, with `extend` all rows from the one before to it. */
  readonly toggle: (index: number, extend: boolean) => void;
  /** Selects or deselects all rows that are shown. */
  readonly toggleAll: (on: boolean) => void;
  readonly clear: () => void;
}

/** The selection of a table that shows these rows, in this order. Rows that are not shown stay selected. */
export function useSelection<Row>(
  rows: readonly Row[],
  rowId: (row: Row) => string,
  text: string,
  setText: (text: string) => void,
): Selection {
  const selected = useMemo(() => new Set(parseSelection(text)), [text]);
  const anchor = useRef<number | null>(null);
  const put = useCallback(
    (some: readonly string[], on: boolean) => {
      const next = on ? selected.union(new Set(some)) : selected.difference(new Set(some));
      setText(printSelection([...next]));
    },
    [selected, setText],
  );
  return useMemo(
    () => ({
      has: (id) => selected.has(id),
      size: selected.size,
      toggle(index, extend) {
        const from = extend && anchor.current !== null ? anchor.current : index;
        const row = rows[index];
        if (row === undefined) return;
        anchor.current = index;
        const some = rows.slice(Math.min(from, index), Math.max(from, index) + 1).map(rowId);
        put(some, !selected.has(rowId(row)));
      },
      toggleAll: (on) => put(rows.map(rowId), on),
      clear: () => setText(''),
    }),
    [rows, rowId, selected, put, setText],
  );
}
