import type { PrismaClient } from '../generated/client.ts';
import type { Kept } from './kept.ts';
import { retentionRules, type RetentionRule } from './retention-rules.ts';

/** Lets one API at a time delete a batch: a key that nothing else locks. */
const DELETING = 7_265_011;

/** Ends after the batch that is under way once it is aborted. */
export interface DeleteOldOptions {
  readonly signal: AbortSignal;
}

/**
 * Deletes what is not kept any longer, in small transactions between which others get their turn. Answers how many rows of
 * each kind went, those left out of which none did.
 */
export async function deleteOld(
  client: PrismaClient,
  kept: Kept,
  { signal }: DeleteOldOptions,
): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const rule of retentionRules) {
    let count = 1;
    while (count > 0 && !signal.aborted) {
      // Each batch is another one's turn to see what the one before has left.
      count = await deleteBatch(client, rule, kept);
      if (count > 0) deleted[rule.name] = (deleted[rule.name] ?? 0) + count;
    }
  }
  return deleted;
}

const deleteBatch = (client: PrismaClient, rule: RetentionRule, kept: Kept): Promise<number> =>
  client.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${DELETING})`;
    if (rule.lock) await tx.$executeRaw(rule.lock);
    return tx.$executeRaw(rule.deletion(kept, rule.batch));
  });
