import type { Query, QueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../api/query-client.ts';
import type { LiveStore } from './live-state.ts';
import type { Timers } from './timers.ts';
import { onPollInterval, pollIntervalMs } from './poll-interval.ts';

/** A poll without a word for longer has failed: an API that hangs answers no better than one that is gone. */
const POLL_DEADLINE_MS = 5000;

/**
 * While there is no stream, reads everything that is shown every few seconds, as the reader chose, and tells `store`
 * whether the API answered. The returned function ends it.
 */
export function startPolling(queries: QueryClient, store: LiveStore, timers: Timers): () => void {
  let callOff: (() => void) | undefined;
  let isAsking = false;
  let isEndState = false;

  function schedule(): void {
    const { kind } = store.state();
    if (kind !== 'polling' && kind !== 'stale') stopWaiting();
    else if (!isAsking && !isEndState) callOff ??= timers.after(pollIntervalMs(), () => void ask());
  }

  function stopWaiting(): void {
    callOff?.();
    callOff = undefined;
  }

  async function ask(): Promise<void> {
    callOff = undefined;
    isAsking = true;
    const hasAnswered = await poll(queries, store.state().kind === 'stale', timers);
    isAsking = false;
    if (!isEndState) store.happened(hasAnswered ? 'poll_answered' : 'poll_failed');
  }

  const unsubscribe = store.subscribe(schedule);
  const unlisten = onPollInterval(() => {
    stopWaiting();
    schedule();
  });
  return () => {
    isEndState = true;
    unsubscribe();
    unlisten();
    stopWaiting();
  };
}

/** Reads what is shown again. Whether the API answers is asked of the session, which is small. */
async function poll(queries: QueryClient, isStale: boolean, timers: Timers): Promise<boolean> {
  const { queryKey } = sessionQuery();
  // A list of tens of thousands may take longer than a round: it goes on while the API answers, else it is aborted.
  const cancelRefetch = isStale;
  // While the API does not answer, views that failed keep their error; they are read again once it does.
  const isWorthIt = (query: Query) => !isStale || query.state.data !== undefined;
  void queries.refetchQueries({ type: 'active', predicate: isWorthIt }, { cancelRefetch });
  const inTime = await Promise.race([
    queries.refetchQueries({ queryKey }, { cancelRefetch: false }).then(() => true),
    new Promise<false>((resolve) => void timers.after(POLL_DEADLINE_MS, () => resolve(false))),
  ]);
  return inTime && queries.getQueryState(queryKey)?.status === 'success';
}
