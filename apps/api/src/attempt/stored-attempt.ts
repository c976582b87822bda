import { MAX_INLINE_FAILURES, type Attempt } from '@hostmesh/contract';
import type { AttemptRecord, Attempts } from '@hostmesh/db';
import { attemptView, failuresOf } from './view.ts';

/** An attempt as it is recorded, with its failing hosts. */
export async function storedAttempt(attempts: Attempts, record: AttemptRecord): Promise<Attempt> {
  const [failing, groups] = await Promise.all([
    attempts.hosts(record.id, { state: 'failed', limit: MAX_INLINE_FAILURES }),
    attempts.failureGroups(record.id),
  ]);
  return attemptView(record, failing.ok ? failuresOf(failing.value.items) : [], groups);
}
