'use client';

import { useEffect, useMemo, useState } from 'react';
import type { Column } from './column.ts';
import { rowMatcher, textOfRow, type FilterTerm } from './filter.ts';
import { goThrough, type Wanted } from './go-through.ts';
import { remember } from './remember.ts';
import { parseSort, sortKey, sortRows } from './sort.ts';

/** More rows than this are gone through in slices: at once they would hold up typing. */
const AT_ONCE = 3000;

/**
 * The rows that pass the filter, in order. What is worked out of a row is kept until the row changes. With many rows
 * the last result stays until the new one is there.
 */
export function useShownRows<Row extends object>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  terms: readonly FilterTerm[],
  sort: string,
): readonly Row[] {
  const textOf = useMemo(() => remember((row: Row) => textOfRow(row, columns)), [columns]);
  const order = parseSort(sort);
  const column = columns.find((column) => column.id === order?.id);
  const keyOf = useMemo(() => column && remember((row: Row) => sortKey(column.value(row))), [column]);
  const descending = order?.descending ?? false;
  const wanted = useMemo((): Wanted<Row> | null => {
    if (terms.length === 0 && keyOf === undefined) return null;
    return { test: terms.length === 0 ? null : rowMatcher(terms, columns, textOf), keyOf, descending };
  }, [terms, columns, textOf, keyOf, descending]);

  const isMany = rows.length > AT_ONCE;
  const atOnce = useMemo(
    () => (isMany || wanted === null ? rows : rowsAtOnce(rows, wanted)),
    [rows, wanted, isMany],
  );
  const [later, setLater] = useState<readonly Row[] | null>(null);
  useEffect(() => {
    if (!isMany || wanted === null) return;
    const stop = new AbortController();
    void goThrough(rows, wanted, stop.signal).then((result) => {
      if (result !== null && !stop.signal.aborted) setLater(result);
    });
    return () => stop.abort();
  }, [rows, wanted, isMany]);
  return isMany && wanted !== null ? (later ?? rows) : atOnce;
}

function rowsAtOnce<Row>(rows: readonly Row[], { test, keyOf, descending }: Wanted<Row>): readonly Row[] {
  const passing = test === null ? rows : rows.filter(test);
  return keyOf === undefined ? passing : sortRows(passing, keyOf, descending);
}
