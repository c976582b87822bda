import { API_BASE, MAX_INLINE_FAILURES, type Attempt } from '@hostmesh/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import { json, prefers, type RouteAnswer } from '../http/route-types.ts';
import { fail } from '@hostmesh/core';
import { notFound, refuse, type RouteFault, type RouteResult } from '../problem/route-fault.ts';
import type { AttemptRun } from './attempt-run.ts';
import { CLEAN_UP_MS, type AttemptService, type Started } from './attempt-service.ts';

/** How often a replica looks whether another one's attempt has ended. */
const POLL_MS = 200;

/**
 * The answer to a request that started an attempt: 202 at once with `Prefer: respond-async` (RFC 7240), else its
 * verdict, and by default what is left on its hosts too. The attempt goes on whether anybody waits for it or not.
 */
export async function answerStarted(
  service: AttemptService,
  { record, run }: Started,
  prefer: string | string[] | undefined,
  /** The status of a push that has succeeded. */
  inPlace: 200 | 201,
): Promise<RouteResult<RouteAnswer<Attempt>>> {
  const location = { location: `${API_BASE}/attach-attempts/${record.id}` };
  if (prefers(prefer, 'respond-async')) {
    const attempt = await service.view(record.id);
    if (attempt === undefined) return notFound(`attempt ${record.id}`);
    return json(attempt, { status: 202, headers: { ...location, 'preference-applied': 'respond-async' } });
  }
  const verdict = await run?.verdict;
  if (verdict?.kind === 'abandoned') {
    const message = `What became of attempt ${record.id} could not be recorded; it is being taken back.`;
    return refuse('database_unavailable', message, { attemptId: record.id });
  }
  const isHasty = prefers(prefer, 'no-wait-cleanup');
  const attempt =
    verdict === undefined ? await ended(service, record.id, isHasty) : await ownEnded(service, run, isHasty);
  if (attempt === undefined) return notFound(`attempt ${record.id}`);
  return attempt.state === 'attached'
    ? json(attempt, { status: attempt.kind === 'attach' ? 201 : inPlace, headers: location })
    : fail(failed(attempt));
}

/** Of an attempt that runs here and has its verdict. */
async function ownEnded(
  service: AttemptService,
  run: AttemptRun | undefined,
  isHasty: boolean,
): Promise<Attempt | undefined> {
  if (run === undefined) return undefined;
  if (!isHasty) await service.cleanedUp(run);
  return run.view();
}

/** Of an attempt that does not run here: it ended before, or another replica runs it. */
async function ended(service: AttemptService, id: string, isHasty: boolean): Promise<Attempt | undefined> {
  for (let polls = 0; ; polls += 1) {
    const attempt = await service.view(id);
    if (attempt === undefined || attempt.finishedAt !== null) return attempt;
    if (attempt.state === 'running') polls = 0;
    else if (isHasty || polls * POLL_MS >= CLEAN_UP_MS) return attempt;
    await sleep(POLL_MS);
  }
}

const failed = (attempt: Attempt): RouteFault => ({
  code: attempt.state === 'interrupted' ? 'shutting_down' : 'config_push_failed',
  message: attempt.summary,
  attemptId: attempt.id,
  counts: attempt.counts,
  failures: attempt.failures.slice(0, MAX_INLINE_FAILURES),
  ...(attempt.failuresTruncated && { failuresTruncated: true }),
});
