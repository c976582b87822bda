import { ok, type Result } from '@hostmesh/core';
import {
  cutPage,
  readRankCursor,
  readTimeCursor,
  timeCursor,
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

/** Rows per page of a stream. */
const STREAM_ROWS = 1000;

/** Meshes, newest first. */
export async function listMeshes(
  client: PrismaClient,
  { limit, cursor, state, q }: MeshQuery,
): Promise<Result<Page<MeshRecord>, CursorFault>> {
  const after = readTimeCursor(cursor);
  if (!after.ok) return after;
  const last = after.value;
  const filter: Prisma.MeshWhereInput = {
    ...(state && { state }),
    ...(q && { OR: [{ id: containing(q) }, { name: containing(q) }] }),
  };
  const [rows, total] = await Promise.all([
    client.mesh.findMany({
      where: {
        AND: [
          filter,
          last ? { OR: [{ attachedAt: { lt: last.at } }, { attachedAt: last.at, id: { lt: last.id } }] } : {},
        ],
      },
      orderBy: [{ attachedAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
      include: withAttempt,
    }),
    client.mesh.count({ where: filter }),
  ]);
  const page = cutPage(
    rows,
    limit,
    (row) => row,
    (row) => timeCursor({ at: row.attachedAt, id: row.id }),
    total,
  );
  return ok({ ...page, items: await toMeshes(client, page.items) });
}

/** Maps rows read with `withAttempt`, with the health of their hosts. */
export async function toMeshes(
  client: Transaction,
  rows: readonly (Mesh & Pick<MeshRecord, 'attempt'>)[],
): Promise<MeshRecord[]> {
  const counts = await countHealth(client, rows);
  return rows.flatMap((row) => {
    const hosts = counts.get(row.id);
    return hosts === undefined ? [] : [toMesh(row, hosts)];
  });
}

/** A mesh's hosts in rank order. */
export async function listMeshHosts(
  client: PrismaClient,
  meshId: string,
  { limit, cursor, ...filter }: MeshHostFilter & PageRequest,
): Promise<Result<Page<MeshHostRecord>, CursorFault>> {
  const after = readRankCursor(cursor);
  if (!after.ok) return after;
  const where = hostsWhere(meshId, filter);
  const [rows, total] = await Promise.all([
    client.meshHost.findMany({
      where: { ...where, rank: { gt: after.value } },
      orderBy: { rank: 'asc' },
      take: limit + 1,
    }),
    client.meshHost.count({ where }),
  ]);
  return ok(cutPage(rows, limit, toMeshHost, (row) => String(row.rank), total));
}

/** All of a mesh's hosts that the filter lets through, in rank order, a page at a time. */
export async function* readMeshHosts(
  client: PrismaClient,
  meshId: string,
  filter: MeshHostFilter = {},
): AsyncGenerator<MeshHostRecord[]> {
  const where = hostsWhere(meshId, filter);
  for (let after = -1; ;) {
    const rows = await client.meshHost.findMany({
      where: { ...where, rank: { gt: after } },
      orderBy: { rank: 'asc' },
      take: STREAM_ROWS,
    });
    if (rows.length > 0) yield rows.map(toMeshHost);
    if (rows.length < STREAM_ROWS) return;
    after = rows.at(-1)?.rank ?? after;
  }
}

function hostsWhere(meshId: string, { health, q }: MeshHostFilter): Prisma.MeshHostWhereInput {
  return {
    meshId,
    ...(health && { health }),
    ...(q && { OR: [{ address: containing(q) }, { hostId: containing(q) }, { hostname: containing(q) }] }),
  };
}
