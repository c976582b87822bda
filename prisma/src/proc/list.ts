import { ok, type Result, type StatusKind } from '@hostmesh/core';
import {
  cutPage,
  pageByRank,
  pageByTime,
  readRankCursor,
  readTimeCursor,
  streamByRank,
  timeCursor,
  type CursorFault,
  type Page,
  type PageRequest,
  type TimePosition,
} from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import type { ProcMeshState } from '../generated/enums.ts';
import {
  toProc,
  toProcMesh,
  withMesh,
  withProcMesh,
  type ProcMeshRecord,
  type ProcRecord,
} from './record.ts';

/** Filters of the list of proc meshes; `q` is part of an id or name, its own or its host mesh's. */
export interface ProcMeshQuery extends PageRequest {
  state?: ProcMeshState | undefined;
  meshId?: string | undefined;
  q?: string | undefined;
}

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
export interface AllProcsQuery extends PageRequest {
  status?: StatusKind | undefined;
  hostId?: string | undefined;
  meshId?: string | undefined;
  q?: string | undefined;
}

/** Proc meshes, newest first. */
export function listProcMeshes(
  client: PrismaClient,
  { state, meshId, q, ...page }: ProcMeshQuery,
): Promise<Result<Page<ProcMeshRecord>, CursorFault>> {
  const filter: Prisma.ProcMeshWhereInput = {
    ...(state && { state }),
    ...(meshId !== undefined && { meshId: storable(meshId) }),
    ...(q && { OR: [{ id: containing(q) }, { name: containing(q) }, { mesh: { name: containing(q) } }] }),
  };
  return pageByTime(
    page,
    ({ createdAt, id }) => ({ at: createdAt, id }),
    async (after, take) => {
      const older = after && {
        OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }],
      };
      const rows = await client.procMesh.findMany({
        where: { AND: [filter, older ?? {}] },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take,
        include: withMesh,
      });
      return rows.map(toProcMesh);
    },
    () => client.procMesh.count({ where: filter }),
  );
}

/** The procs of a mesh in rank order. */
export function listProcs(
  client: PrismaClient,
  procMeshId: string,
  { limit, cursor, ...filter }: ProcFilter & PageRequest,
): Promise<Result<Page<ProcRecord>, CursorFault>> {
  const where = procsWhere(procMeshId, filter);
  return pageByRank({ limit, cursor }, findProcs(client, where), () => client.proc.count({ where }));
}

/** All procs of a mesh that the filter lets through, in rank order, a page at a time. */
export const readProcs = (
  client: PrismaClient,
  procMeshId: string,
  filter: ProcFilter = {},
): AsyncGenerator<ProcRecord[]> => streamByRank(findProcs(client, procsWhere(procMeshId, filter)));

const findProcs =
  (client: PrismaClient, where: Prisma.ProcWhereInput) => async (after: number, take: number) => {
    const rows = await client.proc.findMany({
      // Beside the filter's own condition on ranks.
      where: { AND: [where, { rank: { gt: after } }] },
      orderBy: { rank: 'asc' },
      take,
      include: withProcMesh,
    });
    return rows.map(toProc);
  };

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
  { limit, cursor, status, hostId, meshId, q }: AllProcsQuery,
): Promise<Result<Page<ProcRecord>, CursorFault>> {
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
