import type { StatusKind } from '@hostmesh/core';
import type { Transaction } from '../database/transaction.ts';
import { toCounts, type ProcCountsRecord } from './record.ts';

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
