import type { View } from './views.ts';

/** The view with these data; the same object when they are the data it has. */
export const withData = <V extends View>(view: V, data: V['data']): V =>
  data === view.data ? view : { ...view, data };

/** A list, newest first, with `item` in the place of the one with its id; an item that is not there yet goes to the front. */
export function upsert<T extends { id: string }>(
  list: readonly T[],
  item: T,
  newer: (known: T, told: T) => T,
): readonly T[] {
  const at = list.findIndex((known) => known.id === item.id);
  const known = list[at];
  return known === undefined ? [item, ...list] : list.with(at, newer(known, item));
}

/** `rows`, in rank order, with those of `told` in their places; ranks that are new are put where they belong. */
export function mergeRanks<T extends { rank: number }>(
  rows: readonly T[],
  told: readonly T[],
  newer: (known: T, told: T) => T,
): readonly T[] {
  if (told.length === 0) return rows;
  const byRank = new Map(told.map((row) => [row.rank, row]));
  const merged = rows.map((known) => {
    const row = byRank.get(known.rank);
    byRank.delete(known.rank);
    return row === undefined ? known : newer(known, row);
  });
  if (byRank.size === 0) return merged;
  return [...merged, ...byRank.values()].sort((a, b) => a.rank - b.rank);
}
