import { fail, ok, type Result } from '@hostmesh/core';
import { cutPage, type CursorFault, type PageRequest, type RowPage } from '../database/page.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { ChangeSubject } from '../generated/enums.ts';

/** Whose changes: of a mesh, of an attempt, or of the host at a rank of a mesh. */
export interface ChangesOf {
  readonly subject: ChangeSubject;
  /** Of the mesh or the attempt. */
  readonly id: string;
  readonly rank?: number;
}

/** A change of a state as it was noted, and when the next one came: null for the state that lasts. */
export interface StateChangeRecord {
  id: bigint;
  from: string | null;
  to: string;
  why: string | null;
  by: string | null;
  at: Date;
  recordedAt: Date;
  until: Date | null;
}

/** Every change, newest first, in the order in which they were recorded: no clock has a say in it. */
export async function listStateChanges(
  client: PrismaClient,
  { subject, id, rank }: ChangesOf,
  { limit, cursor }: PageRequest,
): Promise<Result<RowPage<StateChangeRecord>, CursorFault>> {
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor))
    return fail({ code: 'invalid_cursor', message: 'The cursor is not one of this list' });
  const before = cursor === undefined ? null : BigInt(cursor);
  const at = rank ?? null;
  const rows = await client.$queryRaw<StateChangeRecord[]>`
    SELECT * FROM (
      SELECT id, "from", "to", why, by, at, "recordedAt", lead(at) OVER (ORDER BY id) AS until
      FROM "StateChange"
      WHERE subject = ${subject}::"ChangeSubject" AND "subjectId" = ${id} AND rank IS NOT DISTINCT FROM ${at}::int
    ) AS change
    WHERE ${before}::bigint IS NULL OR id < ${before}::bigint
    ORDER BY id DESC LIMIT ${limit + 1}`;
  const total = await client.stateChange.count({ where: { subject, subjectId: id, rank: at } });
  return ok(cutPage(rows, limit, (row) => String(row.id), total));
}
