import type { Fault, Result } from '@hostmesh/core';
import { jsonRows } from '../database/text.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import {
  restoreColumns,
  toAttempt,
  withRetries,
  type AttemptCountsRecord,
  type AttemptHostRecord,
  type AttemptRecord,
  type RestoreRecord,
} from './attempt-record.ts';

/** What a host answered, as it is to be stored; its address stays what the attempt was created with. */
export type HostResultRow = Omit<AttemptHostRecord, 'address'>;

/** The attempt has ended, or another replica works on it: nothing was written. */
export type LeaseFault = Fault<'lease_lost'>;

/** Rows per statement: keeps one batch to about a megabyte. */
const BATCH_ROWS = 2000;

/**
 * Writes whole rows of hosts of a running attempt, and answers the counts after it. All or nothing: a replica
 * whose attempt was taken over writes no more. Saving a row again changes nothing.
 */
export function saveHosts(
  client: PrismaClient,
  attemptId: string,
  owner: string,
  hosts: readonly HostResultRow[],
): Promise<Result<AttemptCountsRecord, LeaseFault>> {
  return transact<AttemptCountsRecord, LeaseFault>(client, async (tx, undo) => {
    if (!(await holdRunning(tx, attemptId, owner))) undo(leaseLost(attemptId));
    for (const rows of batches(hosts)) await updateHosts(tx, attemptId, rows);
    return refreshCounts(tx, attemptId);
  });
}

/**
 * Writes what became of the snapshot on hosts of an attempt that has ended without success. Once none is
 * pending the attempt is settled, and further calls are refused. Answers the attempt after it.
 */
export function saveRestores(
  client: PrismaClient,
  attemptId: string,
  owner: string,
  restores: readonly { rank: number; restore: RestoreRecord }[],
): Promise<Result<AttemptRecord, LeaseFault>> {
  return transact<AttemptRecord, LeaseFault>(client, async (tx, undo) => {
    const held = await tx.$queryRaw<object[]>`
      SELECT 1 FROM "Attempt"
      WHERE id = ${attemptId} AND "leaseOwner" = ${owner} AND state <> 'running' AND "settledAt" IS NULL
      FOR UPDATE`;
    if (held.length === 0) undo(leaseLost(attemptId));
    const rows = restores.map(({ rank, restore }) => ({ rank, ...restoreColumns(restore) }));
    await tx.$executeRaw`
      UPDATE "AttemptHost" AS host SET
        restore = new.restore, "restoreReason" = new."restoreReason", "lateInstall" = new."lateInstall"
      FROM json_to_recordset(${jsonRows(rows)}::json)
        AS new (rank int, restore "RestoreKind", "restoreReason" text, "lateInstall" boolean)
      WHERE host."attemptId" = ${attemptId} AND host.rank = new.rank`;
    await refreshCounts(tx, attemptId);
    return readAttempt(tx, attemptId);
  });
}

/** Locks the attempt for the rest of the transaction, if it is running and this owner's. */
export async function holdRunning(tx: Transaction, attemptId: string, owner: string): Promise<boolean> {
  const held = await tx.$queryRaw<object[]>`
    SELECT 1 FROM "Attempt"
    WHERE id = ${attemptId} AND "leaseOwner" = ${owner} AND state = 'running'
    FOR UPDATE`;
  return held.length === 1;
}

export const leaseLost = (attemptId: string): LeaseFault => ({
  code: 'lease_lost',
  message: `Attempt ${attemptId} has ended or was taken over`,
});

function* batches(hosts: readonly HostResultRow[]): Generator<readonly HostResultRow[]> {
  for (let start = 0; start < hosts.length; start += BATCH_ROWS) yield hosts.slice(start, start + BATCH_ROWS);
}

async function updateHosts(
  tx: Transaction,
  attemptId: string,
  hosts: readonly HostResultRow[],
): Promise<void> {
  const rows = hosts.map((host) => ({ ...host, ...restoreColumns(host.restore) }));
  await tx.$executeRaw`
    UPDATE "AttemptHost" AS host SET
      "hostId" = new."hostId",
      state = new.state,
      failure = new.failure,
      "failureKind" = new.failure ->> 'kind',
      "failureCode" = new.failure ->> 'code',
      restore = new.restore,
      "restoreReason" = new."restoreReason",
      "lateInstall" = new."lateInstall",
      "connectMs" = new."connectMs",
      "ackMs" = new."ackMs",
      "shadowedKeys" = new."shadowedKeys",
      "unknownKeys" = new."unknownKeys",
      "tookOverFrom" = new."tookOverFrom",
      "agentVersion" = new."agentVersion"
    FROM json_to_recordset(${jsonRows(rows)}::json) AS new (
      rank int, "hostId" text, state "HostState", failure jsonb, restore "RestoreKind", "restoreReason" text,
      "lateInstall" boolean, "connectMs" float8, "ackMs" float8, "shadowedKeys" jsonb, "unknownKeys" text[],
      "tookOverFrom" text, "agentVersion" text)
    WHERE host."attemptId" = ${attemptId} AND host.rank = new.rank`;
}

/**
 * Counts the attempt's host rows into the attempt, and settles it once it has ended with no restore pending.
 * Every transaction that writes host rows ends with this, so that counts and rows never disagree.
 */
export async function refreshCounts(tx: Transaction, attemptId: string): Promise<AttemptCountsRecord> {
  const [counts] = await tx.$queryRaw<AttemptCountsRecord[]>`
    UPDATE "Attempt" SET
      "installedCount" = host.installed,
      "failedCount" = host.failed,
      "restoringCount" = host.restoring,
      "restoredCount" = host.restored,
      "residueCount" = host.residue,
      "withoutEffectCount" = host.without_effect,
      "keysWithoutEffect" = host.keys,
      "settledAt" = CASE WHEN state <> 'running' AND host.restoring = 0 THEN coalesce("settledAt", now()) END
    FROM (
      SELECT
        count(*) FILTER (WHERE state = 'installed')::int AS installed,
        count(*) FILTER (WHERE state = 'failed')::int AS failed,
        count(*) FILTER (WHERE restore = 'restored')::int AS restored,
        count(*) FILTER (WHERE restore = 'residue')::int AS residue,
        count(*) FILTER (WHERE restore = 'pending')::int AS restoring,
        count(*) FILTER (WHERE state = 'installed' AND ("shadowedKeys" <> '[]' OR "unknownKeys" <> '{}'))::int AS without_effect,
        coalesce(max(jsonb_array_length("shadowedKeys") + cardinality("unknownKeys")) FILTER (WHERE state = 'installed'), 0) AS keys
      FROM "AttemptHost" WHERE "attemptId" = ${attemptId}
    ) AS host
    WHERE id = ${attemptId}
    RETURNING "hostCount" AS total, host.installed, host.failed, host.restoring, host.restored, host.residue,
      host.without_effect AS "withoutEffect", host.keys AS "keysWithoutEffect",
      "hostCount" - host.installed - host.failed AS pending`;
  if (counts === undefined) throw new Error(`attempt ${attemptId} does not exist`);
  return counts;
}

/** The attempt as the transaction sees it now. */
export async function readAttempt(tx: Transaction, id: string): Promise<AttemptRecord> {
  return toAttempt(await tx.attempt.findUniqueOrThrow({ where: { id }, include: withRetries }));
}
