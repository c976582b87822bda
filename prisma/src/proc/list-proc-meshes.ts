import type { Result } from '@hostmesh/core';
import { pageByTime, type CursorFault, type PageRequest, type RowPage } from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import { Prisma, type PrismaClient } from '../generated/client.ts';
import type { ProcMeshState } from '../generated/enums.ts';
import { liveStates } from './change-proc-mesh.ts';
import { toProcMesh, withMesh, type ProcMeshRecord } from './proc-record.ts';

/** Filters of the list of proc meshes; `q` is part of an id or name, its own or its host mesh's. */
export interface ProcMeshFilter {
  state?: ProcMeshState | undefined;
  /** Only those that need somebody's attention, by the rules of the contract's `needsAttention`, or only the others. */
  attention?: boolean | undefined;
  meshId?: string | undefined;
  q?: string | undefined;
}

const needingAttention = (client: PrismaClient): Prisma.ProcMeshWhereInput => ({
  OR: [
    { state: { in: ['failed', 'lost'] }, seenAt: null },
    {
      state: 'spawn_failed',
      seenAt: null,
      OR: [{ residueCount: { gt: 0 } }, { failureCount: { gt: 0 } }, { stop: { equals: Prisma.DbNull } }],
    },
    { state: { in: liveStates }, trouble: { gt: client.procMesh.fields.seenTrouble } },
  ],
});

/** Proc meshes, newest first. */
export function listProcMeshes(
  client: PrismaClient,
  { state, attention, meshId, q, ...page }: ProcMeshFilter & PageRequest,
): Promise<Result<RowPage<ProcMeshRecord>, CursorFault>> {
  const filter: Prisma.ProcMeshWhereInput = {
    ...(state && { state }),
    ...(attention === true && needingAttention(client)),
    ...(attention === false && { NOT: needingAttention(client) }),
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
