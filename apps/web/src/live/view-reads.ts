import type { ApiEvent } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';
import { applyEvent } from './apply-event.ts';
import { browserTimers, type Timers } from './timers.ts';
import { viewKey, type View, type ViewData, type ViewKind } from './views.ts';

/** Reads wait this long for the event stream, so that nothing is missed between the answer and the first event. */
const STREAM_WAIT_MS = 400;

/**
 * Keeps the events that arrive while an answer is on its way, and folds them into it: otherwise an answer that
 * was made before a change and arrives after it would show the old state until the next change.
 */
interface Journal {
  /** To be told of every event, in order. */
  record(event: ApiEvent): void;
  /** Reads a view; the result is as new as the newest event seen meanwhile. */
  read<K extends ViewKind>(kind: K, id: string, read: () => Promise<ViewData[K]>): Promise<ViewData[K]>;
}

/** A journal with no reads under way. */
export function createJournal(): Journal {
  const open = new Set<ApiEvent[]>();
  return {
    record(event) {
      for (const pages of open) pages.push(event);
    },
    async read<K extends ViewKind>(kind: K, id: string, read: () => Promise<ViewData[K]>) {
      const pages: ApiEvent[] = [];
      open.add(pages);
      try {
        // `K` ties kind and data together; a literal of an open type parameter cannot say so.
        const view = { kind, id, data: await read() } as View;
        // Folding keeps a view's kind.
        return pages.reduce((view, event) => applyEvent([view], event)[0] ?? view, view).data as ViewData[K];
      } finally {
        open.delete(pages);
      }
    },
  };
}

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
