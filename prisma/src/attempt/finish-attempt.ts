import type { Result } from '@hostmesh/core';
import { sayWho, type ChangedBy } from '../database/changed-by.ts';
import { jsonRows } from '../database/text.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { AttemptRecord, FailureRecord } from './attempt-record.ts';
import { holdRunning, leaseLost, readAttempt, refreshCounts, type LeaseFault } from './host-results.ts';

/** An end without success. */
export interface Ending {
  state: 'failed' | 'cancelled' | 'interrupted';
  /** In words, when the hosts do not tell. */
  reason?: string;
  /** Given to hosts that have no verdict yet, so that every host of an ended attempt has one. */
  unfinished: FailureRecord;
  decidedAt: Date;
  /** Who ended it; for a failure whoever asked for the attempt. */
  endedBy: ChangedBy;
}

/**
 * Ends a running attempt without success. Hosts that may hold its snapshot and about which nothing was saved get
 * a pending restore; the attempt keeps its lease until `saveRestores` has settled all of them.
 */
export function finishAttempt(
  client: PrismaClient,
  attemptId: string,
  owner: string,
  ending: Ending,
): Promise<Result<AttemptRecord, LeaseFault>> {
  return transact<AttemptRecord, LeaseFault>(client, async (tx, undo) => {
    if (!(await holdRunning(tx, attemptId, owner))) undo(leaseLost(attemptId));
    await endAttempt(tx, attemptId, ending);
    return readAttempt(tx, attemptId);
  });
}

/** Ends an attempt whose row the transaction has locked. */
export async function endAttempt(tx: Transaction, attemptId: string, ending: Ending): Promise<void> {
  const { state, reason, unfinished, decidedAt, endedBy } = ending;
  await tx.$executeRaw`
    UPDATE "AttemptHost" SET
      state = 'failed', failure = failures.failure, "failureKind" = failures.failure ->> 'kind',
      "failureCode" = failures.failure ->> 'code'
    FROM json_to_recordset(${jsonRows([{ failure: unfinished }])}::json) AS failures (failure jsonb)
    WHERE "attemptId" = ${attemptId} AND state NOT IN ('installed', 'failed')`;
  // These failures say that the host has not installed anything; after any other we do not know. What a heal sent is what
  // its host should hold, and stays there.
  await tx.$executeRaw`
    UPDATE "AttemptHost" SET restore =
      CASE WHEN attempt.kind = 'heal' OR "failureKind" IN ('SendFailed', 'CastFailed', 'Rejected')
           THEN 'not_needed' ELSE 'pending' END::"RestoreKind"
    FROM "Attempt" AS attempt
    WHERE attempt.id = ${attemptId} AND "attemptId" = ${attemptId} AND restore IS NULL`;
  await sayWho(tx, endedBy);
  await tx.attempt.update({ where: { id: attemptId }, data: { state, reason: reason ?? null, decidedAt } });
  await refreshCounts(tx, attemptId);
}
