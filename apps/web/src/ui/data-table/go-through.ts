import { compareKeys, type SortKey } from './sort.ts';

/** What rows are gone through for: those that pass `test`, in the order of their keys if there are any. */
export interface Wanted<Row> {
  readonly test: ((row: Row) => boolean) | null;
  readonly keyOf: ((row: Row) => SortKey) | undefined;
  readonly descending: boolean;
}

/** So long the page may be held up at a time, in milliseconds. */
const SLICE_MS = 10;
/** The clock is looked at once in so many rows. */
const STRIDE = 256;

/**
 * Filters and sorts in slices, with room in between for whatever the reader does. Resolves with null when the signal
 * fires first.
 */
export async function goThrough<Row>(
  rows: readonly Row[],
  { test, keyOf, descending }: Wanted<Row>,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<readonly Row[] | null> {
  const passing: { row: Row; key: SortKey }[] = [];
  let until = now() + SLICE_MS;
  for (let at = 0; at < rows.length; at += STRIDE) {
    for (const row of rows.slice(at, at + STRIDE)) {
      if (test === null || test(row)) passing.push({ row, key: keyOf === undefined ? null : keyOf(row) });
    }
    if (now() < until) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal.aborted) return null;
    until = now() + SLICE_MS;
  }
  if (keyOf !== undefined) passing.sort((a, b) => compareKeys(a.key, b.key, descending));
  return passing.map(({ row }) => row);
}
