import type { Result } from '@hostmesh/core';
import { pageByTime, type CursorFault, type PageRequest, type RowPage } from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import type { ProcMeshState } from '../generated/enums.ts';
import { toProcMesh, withMesh, type ProcMeshRecord } from './proc-record.ts';

/** Filters of the list of proc meshes; `q` is part of an id or name, its own or its host mesh's. */
export interface ProcMeshFilter {
  state?: ProcMeshState | undefined;
  meshId?: string | undefined;
  q?: string | undefined;
}

/** Proc meshes, newest first. */
export function listProcMeshes(
  client: PrismaClient,
  { state, meshId, q, ...page }: ProcMeshFilter & PageRequest,
): Promise<Result<RowPage<ProcMeshRecord>, CursorFault>> {
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
