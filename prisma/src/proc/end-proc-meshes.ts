import type { Transaction } from '../database/transaction.ts';
import { refreshProcCounts, toBeJudged } from './change-proc-mesh.ts';
import type { ProcMeshStopRecord } from './proc-record.ts';

/**
 * Ends the proc meshes of a host mesh that ends. Nobody listens to its hosts from then on: procs that were not known
 * to have ended become `Unknown`, in words that say why. `stop` is who ended it, where that was not noted before. Part of the transaction that ends the host mesh.
 */
export async function endProcMeshes(
  tx: Transaction,
  meshId: string,
  why: string,
  stop: ProcMeshStopRecord | null,
  endedAt: Date,
): Promise<void> {
  const at = endedAt.toISOString();
  await tx.$executeRaw`
    WITH unheard AS (
      UPDATE "Proc" AS proc SET
        status = 'Unknown', "end" = 'lost', "statusText" = ${why}, since = ${at}::timestamptz, "nextRestartAt" = NULL
      FROM "ProcMesh" AS procs
      WHERE procs.id = proc."procMeshId" AND procs."meshId" = ${meshId}
        AND (proc.status IN ('Initializing', 'Running', 'Stopping') OR proc."nextRestartAt" IS NOT NULL OR proc.leftover > 0
          -- It may have been asked for, and the answer not heard.
          OR (proc.status = 'NotExist' AND procs.state IN ('spawning', 'stopping')))
      RETURNING proc.id, proc.rank, proc.generation, proc.pid, proc."procMeshId")
    INSERT INTO "ProcTransition" ("procId", generation, source, status, "statusText", pid, at)
    SELECT id, generation, 'controller', 'Unknown', ${why}, pid, ${at}::timestamptz
    FROM unheard ORDER BY "procMeshId", rank`;
  const procMeshes = await tx.$queryRaw<{ id: string }[]>`
    UPDATE "ProcMesh" SET
      state = CASE WHEN state = 'spawn_failed' THEN state ELSE ${toBeJudged}::"ProcMeshState" END,
      stop = CASE WHEN "endedAt" IS NULL THEN coalesce(${stop === null ? null : JSON.stringify(stop)}::jsonb, stop) ELSE stop END,
      "seenBy" = NULL, "seenAt" = NULL, "seenTrouble" = 0,
      "endedAt" = coalesce("endedAt", ${at}::timestamptz)
    WHERE "meshId" = ${meshId} AND ("endedAt" IS NULL OR "residueCount" > 0)
    RETURNING id`;
  await refreshProcCounts(
    tx,
    procMeshes.map(({ id }) => id),
  );
}
