import { ok, RESTART_MARK, type Result, type StatusKind } from '@hostmesh/core';
import {
  cutPage,
  listByRank,
  readRankCursor,
  readTimeCursor,
  timeCursor,
  type CursorFault,
  type PageRequest,
  type RankList,
  type RowPage,
  type TimePosition,
} from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import { MAX_GROUPS } from './group-failures.ts';
import { toProc, withProcMesh, type ProcFailureGroupRecord, type ProcRecord } from './proc-record.ts';

/** Ranks from `start` up to, but not with, `end`. */
export interface RankRange {
  start: number;
  end: number;
}

/** Filters of the procs of a mesh; `q` is part of an id, an address or a host id. Empty ranges let nothing through. */
export interface ProcFilter {
  status?: StatusKind | undefined;
  ranks?: readonly RankRange[] | undefined;
  hostRanks?: readonly RankRange[] | undefined;
  exitCode?: number | undefined;
  signal?: string | undefined;
  q?: string | undefined;
}

/** Filters of the procs of all meshes; `q` as in `ProcFilter`, or part of a proc mesh's name. */
export interface AllProcsFilter {
  status?: StatusKind | undefined;
  hostId?: string | undefined;
  meshId?: string | undefined;
  q?: string | undefined;
}

/** The procs of a mesh in rank order, those that the filter lets through. */
export function listProcs(
  client: PrismaClient,
  procMeshId: string,
  filter: ProcFilter = {},
): RankList<ProcRecord> {
  const where = procsWhere(procMeshId, filter);
  return listByRank(
    async (after, take) => {
      const rows = await client.proc.findMany({
        // Beside the filter's own condition on ranks.
        where: { AND: [where, { rank: { gt: after } }] },
        orderBy: { rank: 'asc' },
        take,
        include: withProcMesh,
      });
      return rows.map(toProc);
    },
    () => client.proc.count({ where }),
  );
}

function procsWhere(
  procMeshId: string,
  { status, ranks, hostRanks, exitCode, signal, q }: ProcFilter,
): Prisma.ProcWhereInput {
  // An empty OR lets everything through inside of an AND.
  const within = (ranges: readonly RankRange[]) => [
    { in: [] },
    ...ranges.map(({ start, end }) => ({ gte: start, lt: end })),
  ];
  return {
    procMeshId,
    ...(status && { status }),
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal: storable(signal) }),
    AND: [
      ranks === undefined ? {} : { OR: within(ranks).map((rank) => ({ rank })) },
      hostRanks === undefined ? {} : { OR: within(hostRanks).map((hostRank) => ({ hostRank })) },
      q ? { OR: namedLike(q) } : {},
    ],
  };
}

const namedLike = (q: string): Prisma.ProcWhereInput[] => [
  { id: containing(q) },
  { hostAddress: containing(q) },
  { hostId: containing(q) },
];

/** The procs of all meshes: the newest mesh first, its procs in rank order. */
export async function listAllProcs(
  client: PrismaClient,
  { limit, cursor, status, hostId, meshId, q }: AllProcsFilter & PageRequest,
): Promise<Result<RowPage<ProcRecord>, CursorFault>> {
  const after = readMeshRankCursor(cursor);
  if (!after.ok) return after;
  const filter: Prisma.ProcWhereInput = {
    ...(status && { status }),
    ...(hostId !== undefined && { hostId: storable(hostId) }),
    ...(meshId !== undefined && { procMesh: { meshId: storable(meshId) } }),
    ...(q && { OR: [...namedLike(q), { procMesh: { name: containing(q) } }] }),
  };
  const [rows, total] = await Promise.all([
    client.proc.findMany({
      where: { AND: [filter, after.value === undefined ? {} : { OR: furtherThan(after.value) }] },
      orderBy: [{ procMesh: { createdAt: 'desc' } }, { procMeshId: 'desc' }, { rank: 'asc' }],
      take: limit + 1,
      include: { procMesh: { select: { ...withProcMesh.procMesh.select, createdAt: true } } },
    }),
    client.proc.count({ where: filter }),
  ]);
  const toCursor = ({ procMesh: { createdAt }, procMeshId, rank }: (typeof rows)[number]) =>
    `${timeCursor({ at: createdAt, id: procMeshId })}.${rank}`;
  const page = cutPage(rows, limit, toCursor, total);
  return ok({ ...page, items: page.items.map(toProc) });
}

type MeshRankPosition = TimePosition & { rank: number };

const furtherThan = ({ at, id, rank }: MeshRankPosition): Prisma.ProcWhereInput[] => [
  { procMesh: { createdAt: { lt: at } } },
  { procMesh: { createdAt: at }, procMeshId: { lt: id } },
  { procMeshId: id, rank: { gt: rank } },
];

function readMeshRankCursor(cursor: string | undefined): Result<MeshRankPosition | undefined, CursorFault> {
  if (cursor === undefined) return ok(undefined);
  const [, mesh, rank] = /^(.+)\.([^.]+)$/.exec(cursor) ?? [];
  // An empty cursor is of no list: both readers refuse it.
  const position = readTimeCursor(mesh ?? '');
  const after = readRankCursor(rank ?? '');
  if (!position.ok) return position;
  if (!after.ok) return after;
  return ok(position.value && { ...position.value, rank: after.value });
}

/** Procs of each proc mesh that failed, or were stopped as orphans, by cause, the most frequent first: what a person reads first. */
export async function groupProcFailures(
  client: PrismaClient,
  procMeshIds: readonly string[],
): Promise<Map<string, ProcFailureGroupRecord[]>> {
  const rows = await client.$queryRaw<(ProcFailureGroupRecord & { procMeshId: string })[]>`
    SELECT
      alike."procMeshId", alike.status::text, alike."statusText", alike."exitCode", alike.signal, alike.count,
      alike."firstRank", proc."startFault", proc."stderrTail"
    FROM (
      SELECT
        "procMeshId", status, split_part("statusText", ${RESTART_MARK}, 1) AS "statusText", "exitCode", signal,
        count(*)::int AS count, min(rank) AS "firstRank",
        row_number() OVER (PARTITION BY "procMeshId" ORDER BY count(*) DESC, min(rank)) AS place
      FROM "Proc"
      WHERE (status IN ('Failed', 'Timeout') OR cause = 'orphaned') AND "procMeshId" IN (
        -- Most have none of these: their procs need not be read.
        SELECT id FROM "ProcMesh"
        WHERE id = ANY(${[...procMeshIds]}) AND jsonb_exists_any(counts, '{Failed,Timeout,Stopped}'))
      -- By position: the same expression with a parameter of its own would be another one.
      GROUP BY 1, 2, 3, 4, 5
    ) AS alike
    JOIN "Proc" AS proc ON proc."procMeshId" = alike."procMeshId" AND proc.rank = alike."firstRank"
    WHERE place <= ${MAX_GROUPS}
    ORDER BY alike."procMeshId", place`;
  const groups = new Map<string, ProcFailureGroupRecord[]>(procMeshIds.map((id) => [id, []]));
  for (const { procMeshId, ...group } of rows) groups.get(procMeshId)?.push(group);
  return groups;
}
