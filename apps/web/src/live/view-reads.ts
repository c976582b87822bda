import { queryOptions } from '@tanstack/react-query';
import { createJournal, type Journal } from './journal.ts';
import { browserTimers, type Timers } from './pace.ts';
import { viewKey, type ViewData, type ViewKind } from './views.ts';

/** Reads wait this long for the event stream, so that nothing is missed between the answer and the first event. */
const STREAM_WAIT_MS = 400;

/** Reads views so that they fit the event stream. The owner of the stream tells when it is up, and of every event. */
export interface ViewReads extends Journal {
  /** To be told when the stream is up or has failed. True when something was read before, and may be outdated. */
  streamSettled(): boolean;
}

/** Reads that have not been told of a stream yet. */
export function createViewReads(timers: Timers): ViewReads {
  const journal = createJournal();
  const firstStream = Promise.withResolvers<void>();
  let hasReadEarly = false;

  async function awaitStream(): Promise<void> {
    const waited = new Promise<'late'>((resolve) => void timers.after(STREAM_WAIT_MS, () => resolve('late')));
    if ((await Promise.race([firstStream.promise, waited])) === 'late') hasReadEarly = true;
  }

  return {
    record: (event) => journal.record(event),
    async read(kind, id, read) {
      await awaitStream();
      return journal.read(kind, id, read);
    },
    streamSettled() {
      firstStream.resolve();
      return hasReadEarly;
    },
  };
}

/** The reads of this tab, which has one event stream. */
export const tabReads = createViewReads(browserTimers);

/**
 * Query options of a view. It is kept up to date by events, so it is never stale by age; when the stream is down
 * the live connection reads it again.
 */
export function viewQuery<K extends ViewKind>(
  kind: K,
  id: string,
  read: (signal: AbortSignal) => Promise<ViewData[K]>,
  /** What a new reading makes of the last one; by default equal parts keep their identity. */
  reread?: (known: ViewData[K] | undefined, told: ViewData[K]) => ViewData[K],
) {
  return queryOptions({
    queryKey: viewKey(kind, id),
    queryFn: ({ signal }) => tabReads.read(kind, id, () => read(signal)),
    staleTime: Infinity,
    ...(reread && {
      // The data of this key are of this kind.
      structuralSharing: (known: unknown, told: unknown) =>
        // The query of this key holds nothing else; the library says `unknown`.
        reread(known as ViewData[K] | undefined, told as ViewData[K]),
    }),
  });
}
