import { resumed } from '../database/changed-by.ts';
import type { ClaimOptions, OwnerLease } from '../database/row-shapes.ts';
import type { Timely } from '../database/timely.ts';
import type { Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import { toAttempt, withRetries, type AttemptRecord } from './attempt-record.ts';
import { endAttempt } from './finish-attempt.ts';

/** Gives the lease of one attempt its full duration, counted by the database's clock as all of them are. */
export async function extendLease(tx: Transaction, attemptId: string, lease: OwnerLease): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Attempt" SET "leaseExpiresAt" = now() + ${lease.durationMs} * interval '1 millisecond'
    WHERE id = ${attemptId} AND "leaseOwner" = ${lease.owner}`;
}

/** Renews every lease that the owner still holds on unsettled attempts, and answers their ids. */
export async function renewAttemptLeases(timely: Timely, lease: OwnerLease): Promise<string[]> {
  const rows = await timely.run<{ id: string }>(
    `UPDATE "Attempt" SET "leaseExpiresAt" = now() + $2 * interval '1 millisecond'
    WHERE "leaseOwner" = $1 AND "settledAt" IS NULL
    RETURNING id`,
    [lease.owner, lease.durationMs],
  );
  return rows.map((row) => row.id);
}

const interrupted = {
  state: 'interrupted',
  endedBy: resumed,
  reason: 'The API stopped while the attempt ran',
  unfinished: { kind: 'Interrupted', message: 'the API stopped before the result of this host was recorded' },
} as const;

/**
 * Takes over attempts whose owner is gone, and answers them. Those still running become `interrupted`: hosts
 * without a verdict are failed as `Interrupted`, and hosts that may hold the snapshot get a pending restore,
 * because what was sent after the last write is not known. The caller asks those hosts and saves what they say;
 * until then the attempts stay claimable, so that a second crash loses nothing either. Those of the owner's present life
 * are its own, however late they were renewed.
 */
export async function claimOrphans(
  client: PrismaClient,
  { lease, includeOwn }: ClaimOptions,
): Promise<AttemptRecord[]> {
  return client.$transaction(async (tx) => {
    const claimed = await tx.$queryRaw<{ id: string; state: string }[]>`
      UPDATE "Attempt" SET
        "leaseOwner" = ${lease.owner},
        "leaseExpiresAt" = now() + ${lease.durationMs} * interval '1 millisecond'
      WHERE "settledAt" IS NULL
        AND CASE WHEN "leaseOwner" = ${lease.owner} THEN ${includeOwn} ELSE "leaseExpiresAt" < now() END
      RETURNING id, state::text`;
    for (const { id, state } of claimed) {
      if (state === 'running') await endAttempt(tx, id, { ...interrupted, decidedAt: new Date() });
    }
    const rows = await tx.attempt.findMany({
      where: { id: { in: claimed.map((row) => row.id) } },
      orderBy: { startedAt: 'asc' },
      include: withRetries,
    });
    return rows.map(toAttempt);
  });
}
