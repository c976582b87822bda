import type { Fault } from '@hostmesh/core';
import type { Transaction } from '../database/transaction.ts';
import type { ProcMeshState } from '../generated/enums.ts';

/** Another replica looks after the host mesh, or it was given back: nothing was written. */
export type ProcLeaseFault = Fault<'lease_lost'>;

export const procLeaseLost = (procMeshId: string): ProcLeaseFault => ({
  code: 'lease_lost',
  message: `The hosts of proc mesh ${procMeshId} were given back or taken over`,
});

/**
 * Locks the proc mesh for the rest of the transaction if its host mesh is this owner's, and is live or has just been
 * replaced, so that the end of its procs is still to be heard; answers its state. One lock for all writers of a proc mesh: what they write is in one order. The host mesh is locked first, as
 * those do that end one.
 */
export async function holdProcMesh(
  tx: Transaction,
  procMeshId: string,
  owner: string,
): Promise<ProcMeshState | undefined> {
  const [held] = await tx.$queryRaw<{ state: ProcMeshState }[]>`
    WITH mesh AS MATERIALIZED (
      SELECT id FROM "Mesh"
      WHERE id = (SELECT "meshId" FROM "ProcMesh" WHERE id = ${procMeshId})
        AND "leaseOwner" = ${owner} AND state IN ('attached', 'stopping', 'replaced')
      FOR SHARE)
    SELECT procs.state::text AS state
    FROM mesh JOIN "ProcMesh" AS procs ON procs."meshId" = mesh.id
    WHERE procs.id = ${procMeshId}
    FOR NO KEY UPDATE OF procs`;
  return held?.state;
}

/** States in which somebody looks after a proc mesh. */
export const liveStates: ProcMeshState[] = ['spawning', 'running', 'stopping'];
