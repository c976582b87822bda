import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/** One page of a list; `nextCursor` is null on the last one. `total` counts all rows that the filter lets through. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
  total?: number;
}

/** Which page: at most `limit` rows after `cursor`, a former page's `nextCursor`. */
export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** The cursor is not one that this list gave out. */
export type CursorFault = Fault<'invalid_cursor'>;

/**
 * Where a page of a newest-first list starts: rows may share a time, so the id breaks the tie. Without it a
 * page boundary between two such rows would drop one of them.
 */
export interface TimePosition {
  at: Date;
  id: string;
}

const invalidCursor = (): { ok: false; fault: CursorFault } =>
  fail({ code: 'invalid_cursor', message: 'The cursor is not one of this list' });

/** Reads the cursor of a newest-first list; undefined asks for the first page. */
export function readTimeCursor(cursor: string | undefined): Result<TimePosition | undefined, CursorFault> {
  if (cursor === undefined) return ok(undefined);
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,100})$/.exec(cursor) ?? [];
  return at === undefined || id === undefined ? invalidCursor() : ok({ at: new Date(Number(at)), id });
}

/** Reads the cursor of a list in rank order: the last rank already seen, or -1. */
export function readRankCursor(cursor: string | undefined): Result<number, CursorFault> {
  if (cursor === undefined) return ok(-1);
  return /^\d{1,9}$/.test(cursor) ? ok(Number(cursor)) : invalidCursor();
}

/**
 * Cuts a page from rows that were read with a limit of one more than asked for: that one more tells whether
 * a next page exists.
 */
export function cutPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  toCursor: (row: Row) => string,
  total?: number,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? toCursor(last) : null,
    ...(total === undefined ? {} : { total }),
  };
}

/** Cursor text of a position in a newest-first list. */
export const timeCursor = ({ at, id }: TimePosition): string => `${at.getTime()}.${id}`;
