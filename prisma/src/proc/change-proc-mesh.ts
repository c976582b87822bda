import type { Fault, Result, StatusKind } from '@hostmesh/core';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { ProcMeshState } from '../generated/enums.ts';
import { toCounts, type ProcCountsRecord } from './proc-record.ts';

/** Another replica looks after the host mesh, or it was given back: nothing was written. */
export type ProcLeaseFault = Fault<'lease_lost'>;

/**
 * Changes a proc mesh in one transaction that has locked it, if its host mesh is this owner's and is live or has just
 * been replaced, so that the end of its procs is still to be heard. One lock for all writers of a proc mesh: what they
 * write is in one order. `undo(fault)` rolls everything back and makes the fault the result.
 */
export function changeProcMesh<T, F extends Fault = never>(
  client: PrismaClient,
  id: string,
  owner: string,
  work: (tx: Transaction, state: ProcMeshState, undo: (fault: F) => never) => Promise<T>,
): Promise<Result<T, ProcLeaseFault | F>> {
  return transact<T, ProcLeaseFault | F>(client, async (tx, undo) => {
    const state = await holdProcMesh(tx, id, owner);
    return state === undefined ? undo(leaseLost(id)) : work(tx, state, undo);
  });
}

const leaseLost = (procMeshId: string): ProcLeaseFault => ({
  code: 'lease_lost',
  message: `The hosts of proc mesh ${procMeshId} were given back or taken over`,
});

/** Locks the host mesh first, as those do that end one; answers the state of the proc mesh. */
async function holdProcMesh(
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

/**
 * Counts the procs of each proc mesh into it. Every transaction that writes proc rows ends with this, so that counts
 * and rows never disagree.
 */
export async function refreshProcCounts(
  tx: Transaction,
  procMeshIds: readonly string[],
): Promise<Map<string, ProcCountsRecord>> {
  const rows = await tx.$queryRaw<
    { id: string; procCount: number; counts: Partial<Record<StatusKind, number>> }[]
  >`
    UPDATE "ProcMesh" AS procs SET counts = counted.counts
    FROM (
      SELECT "procMeshId", jsonb_object_agg(status, count) AS counts
      FROM (
        SELECT "procMeshId", status, count(*)::int AS count FROM "Proc"
        WHERE "procMeshId" = ANY(${procMeshIds}) GROUP BY "procMeshId", status
      ) AS status
      GROUP BY "procMeshId"
    ) AS counted
    WHERE procs.id = counted."procMeshId"
    RETURNING procs.id, procs."procCount", procs.counts`;
  return new Map(rows.map(({ id, procCount, counts }) => [id, toCounts(procCount, counts)]));
}
