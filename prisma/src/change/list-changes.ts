import { fail, ok, type Result } from '@hostmesh/core';
import { cutPage, type CursorFault, type PageRequest, type RowPage } from '../database/page.ts';
import { storable } from '../database/text.ts';
import { Prisma, type PrismaClient } from '../generated/client.ts';
import type { ChangeSubject } from '../generated/enums.ts';

/** Which changes; all of them where nothing is said. */
export interface ChangeFilter {
  /** Of what kind of thing. */
  subject?: ChangeSubject | undefined;
  /** Of one thing: a mesh, an attempt, a proc mesh; with `rank` the host at that rank of the mesh. */
  subjectId?: string | undefined;
  rank?: number | undefined;
  /** Of a mesh and all that is on it. */
  meshId?: string | undefined;
  /** Of the host that goes by this id, in whatever mesh. */
  hostId?: string | undefined;
  /** What it became. */
  to?: string | undefined;
  /** That were at this time or later. */
  since?: Date | undefined;
  /** That were before this time. */
  until?: Date | undefined;
}

/** A change as it was noted, with the names of what it is of, and when the next one came: null for the state that lasts. */
export interface StateChangeRecord {
  id: bigint;
  subject: ChangeSubject;
  subjectId: string;
  rank: number | null;
  meshId: string | null;
  hostId: string | null;
  from: string | null;
  to: string;
  why: string | null;
  by: string | null;
  act: string | null;
  at: Date;
  recordedAt: Date;
  until: Date | null;
  /** Of the mesh, or of the mesh that an attempt is for. */
  meshName: string | null;
  address: string | null;
  procMeshName: string | null;
}

/** So many are counted; of more only that there are more is known. */
const MOST_COUNTED = 10_000;

/**
 * Newest first, in the order in which they were recorded: no clock has a say in it. However long the history is, a page
 * reads little more than its rows; the total is left out where counting would read on and on.
 */
export async function listChanges(
  client: PrismaClient,
  { limit, cursor, ...filter }: ChangeFilter & PageRequest,
): Promise<Result<RowPage<StateChangeRecord>, CursorFault>> {
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor))
    return fail({ code: 'invalid_cursor', message: 'The cursor is not one of this list' });
  const where = conditionsOf(filter);
  const older = cursor === undefined ? where : Prisma.sql`${where} AND id < ${BigInt(cursor)}`;
  const [rows, counted] = await Promise.all([
    client.$queryRaw<StateChangeRecord[]>`
      SELECT change.*, coalesce(mesh.name, attempt.mesh) AS "meshName", host.address, procs.name AS "procMeshName",
        CASE WHEN change.rank IS NULL
          THEN (SELECT at FROM "StateChange" AS next
                WHERE next."subjectId" = change."subjectId" AND next.rank IS NULL AND next.id > change.id
                -- As the index has it: that a rank is null does not tell the planner that all ranks are alike.
                ORDER BY next.rank DESC, next.id LIMIT 1)
          ELSE (SELECT at FROM "StateChange" AS next
                WHERE next."subjectId" = change."subjectId" AND next.rank = change.rank AND next.id > change.id
                ORDER BY id LIMIT 1) END AS until
      FROM (SELECT * FROM "StateChange" WHERE ${older} ORDER BY id DESC LIMIT ${limit + 1}) AS change
      LEFT JOIN "Mesh" AS mesh ON mesh.id = change."meshId"
      LEFT JOIN "MeshHost" AS host ON host."meshId" = change."meshId" AND host.rank = change.rank
      LEFT JOIN "Attempt" AS attempt ON change.subject = 'attempt' AND attempt.id = change."subjectId"
      LEFT JOIN "ProcMesh" AS procs ON change.subject = 'proc_mesh' AND procs.id = change."subjectId"
      ORDER BY change.id DESC`,
    client.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM (
        SELECT FROM "StateChange" WHERE ${where} LIMIT ${MOST_COUNTED + 1}) AS few`,
  ]);
  const count = counted[0]?.count ?? 0;
  return ok(cutPage(rows, limit, (row) => String(row.id), count > MOST_COUNTED ? undefined : count));
}

function conditionsOf(filter: ChangeFilter): Prisma.Sql {
  const { subject, subjectId, rank, meshId, hostId, to, since, until } = filter;
  const conditions = [
    subject !== undefined && Prisma.sql`subject = ${subject}::"ChangeSubject"`,
    subjectId !== undefined && Prisma.sql`"subjectId" = ${storable(subjectId)}`,
    // The index of the changes of one thing goes by rank: without one it is that of the thing itself.
    subjectId !== undefined && (rank === undefined ? Prisma.sql`rank IS NULL` : Prisma.sql`rank = ${rank}`),
    meshId !== undefined && Prisma.sql`"meshId" = ${storable(meshId)}`,
    hostId !== undefined && Prisma.sql`"hostId" = ${storable(hostId)}`,
    to !== undefined && Prisma.sql`"to" = ${storable(to)}`,
    since !== undefined && Prisma.sql`at >= ${since.toISOString()}::timestamptz`,
    until !== undefined && Prisma.sql`at < ${until.toISOString()}::timestamptz`,
  ];
  const given = conditions.filter((condition) => condition !== false);
  return given.length === 0 ? Prisma.sql`true` : Prisma.join(given, ' AND ');
}
