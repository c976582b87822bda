import type { Transaction } from '../database/transaction.ts';
import type { AttemptCounts } from './record.ts';

/**
 * Counts the attempt's host rows into the attempt, and settles it once it has ended with no restore pending.
 * Every transaction that writes host rows ends with this, so that counts and rows never disagree.
 */
export async function refreshCounts(tx: Transaction, attemptId: string): Promise<AttemptCounts> {
  const [counts] = await tx.$queryRaw<AttemptCounts[]>`
    UPDATE "Attempt" SET
      "installedCount" = host.installed,
      "failedCount" = host.failed,
      "restoredCount" = host.restored,
      "residueCount" = host.residue,
      "settledAt" = CASE WHEN state <> 'running' AND host.asked = 0 THEN coalesce("settledAt", now()) END
    FROM (
      SELECT
        count(*) FILTER (WHERE state = 'installed')::int AS installed,
        count(*) FILTER (WHERE state = 'failed')::int AS failed,
        count(*) FILTER (WHERE restore = 'restored')::int AS restored,
        count(*) FILTER (WHERE restore = 'residue')::int AS residue,
        count(*) FILTER (WHERE restore = 'pending')::int AS asked
      FROM "AttemptHost" WHERE "attemptId" = ${attemptId}
    ) AS host
    WHERE id = ${attemptId}
    RETURNING "hostCount" AS total, host.installed, host.failed, host.restored, host.residue,
      "hostCount" - host.installed - host.failed AS pending`;
  if (counts === undefined) throw new Error(`attempt ${attemptId} does not exist`);
  return counts;
}
