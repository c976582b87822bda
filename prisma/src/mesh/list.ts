import type { Result } from '@hostmesh/core';
import {
  pageByRank,
  pageByTime,
  streamByRank,
  type CursorFault,
  type Page,
  type PageRequest,
} from '../database/page.ts';
import { containing } from '../database/text.ts';
import type { Transaction } from '../database/transaction.ts';
import type { Mesh, Prisma, PrismaClient } from '../generated/client.ts';
import type { HostHealth, MeshState } from '../generated/enums.ts';
import { countHealth } from './health.ts';
import { toMesh, toMeshHost, withAttempt, type MeshHostRecord, type MeshRecord } from './record.ts';

/** Filters of the list of meshes; `q` is part of an id or name. */
export interface MeshQuery extends PageRequest {
  state?: MeshState | undefined;
  q?: string | undefined;
}

/** Filters of a mesh's hosts; `q` is part of an address, host id or host name. */
export interface MeshHostFilter {
  health?: HostHealth | undefined;
  q?: string | undefined;
}

/** Meshes, newest first. */
export function listMeshes(
  client: PrismaClient,
  { state, q, ...page }: MeshQuery,
): Promise<Result<Page<MeshRecord>, CursorFault>> {
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

/** A mesh's hosts in rank order. */
export function listMeshHosts(
  client: PrismaClient,
  meshId: string,
  { limit, cursor, ...filter }: MeshHostFilter & PageRequest,
): Promise<Result<Page<MeshHostRecord>, CursorFault>> {
  const where = hostsWhere(meshId, filter);
  return pageByRank({ limit, cursor }, findHosts(client, where), () => client.meshHost.count({ where }));
}

/** All of a mesh's hosts that the filter lets through, in rank order, a page at a time. */
export const readMeshHosts = (
  client: PrismaClient,
  meshId: string,
  filter: MeshHostFilter = {},
): AsyncGenerator<MeshHostRecord[]> => streamByRank(findHosts(client, hostsWhere(meshId, filter)));

const findHosts =
  (client: PrismaClient, where: Prisma.MeshHostWhereInput) => async (after: number, take: number) => {
    const rows = await client.meshHost.findMany({
      where: { ...where, rank: { gt: after } },
      orderBy: { rank: 'asc' },
      take,
    });
    return rows.map(toMeshHost);
  };

function hostsWhere(meshId: string, { health, q }: MeshHostFilter): Prisma.MeshHostWhereInput {
  return {
    meshId,
    ...(health && { health }),
    ...(q && { OR: [{ address: containing(q) }, { hostId: containing(q) }, { hostname: containing(q) }] }),
  };
}
