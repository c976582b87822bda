import type { Result } from '@hostmesh/core';
import { transact } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import { holdProcMesh, procLeaseLost, type ProcLeaseFault } from './lease.ts';

/**
 * Moves `lastHeardAt` of the live procs of these hosts on, never back. Those that have ended stay as they are, and
 * `Unknown` ones too: only a report brings them back.
 */
export function touchHeard(
  client: PrismaClient,
  procMeshId: string,
  owner: string,
  hostRanks: readonly number[],
  at: Date,
): Promise<Result<void, ProcLeaseFault>> {
  return transact<void, ProcLeaseFault>(client, async (tx, undo) => {
    if ((await holdProcMesh(tx, procMeshId, owner)) === undefined) undo(procLeaseLost(procMeshId));
    const heardAt = at.toISOString();
    await tx.$executeRaw`
      UPDATE "Proc" SET "lastHeardAt" = ${heardAt}::timestamptz
      WHERE "procMeshId" = ${procMeshId} AND "hostRank" = ANY(${[...hostRanks]})
        AND (status IN ('Initializing', 'Running', 'Stopping') OR "nextRestartAt" IS NOT NULL)
        AND ("lastHeardAt" IS NULL OR "lastHeardAt" < ${heardAt}::timestamptz)`;
  });
}
