import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/** One page of a list; `nextCursor` is null on the last one. `total` counts all rows that the filter lets through. */
export interface RowPage<Item> {
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

/** Rows per page of a stream. */
const STREAM_ROWS = 1000;

/**
 * One page of a newest-first list. `find` answers up to `take` rows that come after the position, or from the
 * start; one row more than asked for tells whether a next page exists.
 */
export async function pageByTime<Row>(
  { limit, cursor }: PageRequest,
  positionOf: (row: Row) => TimePosition,
  find: (after: TimePosition | undefined, take: number) => Promise<Row[]>,
  count?: () => Promise<number>,
): Promise<Result<RowPage<Row>, CursorFault>> {
  const after = readTimeCursor(cursor);
  if (!after.ok) return after;
  const [rows, total] = await Promise.all([find(after.value, limit + 1), count?.()]);
  return ok(cutPage(rows, limit, (row) => timeCursor(positionOf(row)), total));
}

/** A list in rank order: one page of it, or all of it a page at a time. */
export interface RankList<Row> {
  page(request: PageRequest): Promise<Result<RowPage<Row>, CursorFault>>;
  read(): AsyncGenerator<Row[]>;
}

/** Makes a list in rank order of what `find` answers: up to `take` rows with a rank above `after`. */
export const listByRank = <Row extends { rank: number }>(
  find: (after: number, take: number) => Promise<Row[]>,
  count: () => Promise<number>,
): RankList<Row> => ({
  page: async ({ limit, cursor }) => {
    const after = readRankCursor(cursor);
    if (!after.ok) return after;
    const [rows, total] = await Promise.all([find(after.value, limit + 1), count()]);
    return ok(cutPage(rows, limit, (row) => String(row.rank), total));
  },
  read: () => streamByRank(find),
});

async function* streamByRank<Row extends { rank: number }>(
  find: (after: number, take: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let rows = await find(-1, STREAM_ROWS);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    yield rows;
    if (rows.length < STREAM_ROWS) return;
    rows = await find(last.rank, STREAM_ROWS);
  }
}

const invalidCursor = () =>
  fail<CursorFault>({ code: 'invalid_cursor', message: 'The cursor is not one of this list' });

/** Reads the cursor of a newest-first list; undefined asks for the first page. */
export function readTimeCursor(cursor: string | undefined): Result<TimePosition | undefined, CursorFault> {
  if (cursor === undefined) return ok(undefined);
  const [, at, id] = /^(\d{1,15})\.([\w-]{1,100})$/.exec(cursor) ?? [];
  return at === undefined || id === undefined ? invalidCursor() : ok({ at: new Date(Number(at)), id });
}

/** Cursor text of a position in a newest-first list. */
export const timeCursor = ({ at, id }: TimePosition): string => `${at.getTime()}.${id}`;

/** Reads the cursor of a list in rank order: the last rank already seen, or -1. */
export function readRankCursor(cursor: string | undefined): Result<number, CursorFault> {
  if (cursor === undefined) return ok(-1);
  return /^\d{1,9}$/.test(cursor) ? ok(Number(cursor)) : invalidCursor();
}

/** Cuts a page from rows that were read with a limit of one more than asked for. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  toCursor: (row: Row) => string,
  total?: number,
): RowPage<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last !== undefined ? toCursor(last) : null,
    ...(total === undefined ? {} : { total }),
  };
}
