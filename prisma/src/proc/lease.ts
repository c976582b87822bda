import type { Fault } from '@hostmesh/core';
import type { Transaction } from '../database/transaction.ts';
import type { ProcMeshState } from '../generated/enums.ts';

/** Another replica looks after the host mesh, or it has ended: nothing was written. */
export type ProcLeaseFault = Fault<'lease_lost'>;

export const procLeaseLost = (procMeshId: string): ProcLeaseFault => ({
  code: 'lease_lost',
  message: `The hosts of proc mesh ${procMeshId} were given back or taken over`,
});

/**
 * Locks the proc mesh for the rest of the transaction if its host mesh is live and this owner's, and answers its
 * state. One lock for all writers of a proc mesh: what they write is in one order.
 */
export async function holdProcMesh(
  tx: Transaction,
  procMeshId: string,
  owner: string,
): Promise<ProcMeshState | undefined> {
  const [held] = await tx.$queryRaw<{ state: ProcMeshState }[]>`
    SELECT procs.state::text AS state
    FROM "ProcMesh" AS procs JOIN "Mesh" AS mesh ON mesh.id = procs."meshId"
    WHERE procs.id = ${procMeshId} AND mesh."leaseOwner" = ${owner} AND mesh.state IN ('attached', 'stopping')
    FOR NO KEY UPDATE OF procs FOR SHARE OF mesh`;
  return held?.state;
}
