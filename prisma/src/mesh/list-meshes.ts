import type { Result } from '@hostmesh/core';
import {
  listByRank,
  pageByTime,
  type CursorFault,
  type PageRequest,
  type RankList,
  type RowPage,
} from '../database/page.ts';
import { containing } from '../database/text.ts';
import type { Transaction } from '../database/transaction.ts';
import type { Mesh, Prisma, PrismaClient } from '../generated/client.ts';
import type { HostHealth, MeshState } from '../generated/enums.ts';
import {
  toMesh,
  toMeshHost,
  withAttempt,
  withTaker,
  type HealthCountsRecord,
  type MeshHostRecord,
  type MeshRecord,
} from './mesh-record.ts';

/** Filters of the list of meshes; `q` is part of an id or name. */
export interface MeshFilter {
  state?: MeshState | undefined;
  q?: string | undefined;
}

/** Filters of a mesh's hosts; `q` is part of an address, host id or host name. */
export interface MeshHostFilter {
  health?: HostHealth | undefined;
  /** Only those on which some pushed key has no effect, or only the others. */
  withoutEffect?: boolean | undefined;
  q?: string | undefined;
}

/** Meshes, newest first. */
export function listMeshes(
  client: PrismaClient,
  { state, q, ...page }: MeshFilter & PageRequest,
): Promise<Result<RowPage<MeshRecord>, CursorFault>> {
  const filter: Prisma.MeshWhereInput = {
    ...(state && { state }),
    ...(q && { OR: [{ id: containing(q) }, { name: containing(q) }] }),
  };
  return pageByTime(
    page,
    ({ attachedAt, id }) => ({ at: attachedAt, id }),
    async (after, take) => {
      const older = after && {
        OR: [{ attachedAt: { lt: after.at } }, { attachedAt: after.at, id: { lt: after.id } }],
      };
      const rows = await client.mesh.findMany({
        where: { AND: [filter, older ?? {}] },
        orderBy: [{ attachedAt: 'desc' }, { id: 'desc' }],
        take,
        include: withAttempt,
      });
      return toMeshes(client, rows);
    },
    () => client.mesh.count({ where: filter }),
  );
}

/** Maps rows read with `withAttempt`, with the health of their hosts. */
export async function toMeshes(
  client: Transaction,
  rows: readonly (Mesh & Pick<MeshRecord, 'attempt'>)[],
): Promise<MeshRecord[]> {
  const countsOf = await countHealth(client, rows);
  return rows.map((row) => toMesh(row, countsOf(row)));
}

/** A mesh's hosts in rank order, those that the filter lets through. */
export function listMeshHosts(
  client: PrismaClient,
  meshId: string,
  { health, withoutEffect, q }: MeshHostFilter = {},
): RankList<MeshHostRecord> {
  const where: Prisma.MeshHostWhereInput = {
    meshId,
    ...(health && { health }),
    ...(withoutEffect !== undefined && {
      withoutEffect: withoutEffect ? { not: [] } : { equals: [] },
    }),
    ...(q && { OR: [{ address: containing(q) }, { hostId: containing(q) }, { hostname: containing(q) }] }),
  };
  return listByRank(
    async (after, take) => {
      const rows = await client.meshHost.findMany({
        where: { ...where, rank: { gt: after } },
        orderBy: { rank: 'asc' },
        take,
        include: withTaker,
      });
      return rows.map(toMeshHost);
    },
    () => client.meshHost.count({ where }),
  );
}

type Counted = Pick<Mesh, 'id' | 'endedAt' | 'hostCount'>;

/**
 * Counts the hosts of each mesh by health. Hosts of an ended mesh are all released, so that only those of live
 * meshes are read, however long the history.
 */
async function countHealth(
  client: Transaction,
  meshes: readonly Counted[],
): Promise<(mesh: Counted) => HealthCountsRecord> {
  const live = meshes.filter((mesh) => mesh.endedAt === null).map((mesh) => mesh.id);
  const groups = await client.$queryRaw<
    { meshId: string; health: HostHealth; hosts: number; withoutEffect: number; keys: number }[]
  >`
    SELECT "meshId", health, count(*)::int AS hosts,
      count(*) FILTER (WHERE "withoutEffect" <> '[]')::int AS "withoutEffect",
      max(jsonb_array_length("withoutEffect")) AS keys
    FROM "MeshHost" WHERE "meshId" = ANY(${live}) GROUP BY "meshId", health`;
  return ({ id, endedAt, hostCount }) => {
    const own = groups.filter(({ meshId }) => meshId === id);
    const count = (health: HostHealth) => own.find((group) => group.health === health)?.hosts ?? 0;
    return {
      total: hostCount,
      connecting: count('connecting'),
      healthy: count('healthy'),
      configLost: count('config_lost'),
      unreachable: count('unreachable'),
      replaced: count('replaced'),
      released: endedAt === null ? count('released') : hostCount,
      withoutEffect: own.reduce((sum, group) => sum + group.withoutEffect, 0),
      keysWithoutEffect: own.reduce((most, { keys }) => Math.max(most, keys), 0),
    };
  };
}
