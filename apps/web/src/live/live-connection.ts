import { followEvents, type FollowOptions } from '@hostmesh/client';
import type { ApiEvent } from '@hostmesh/contract';
import type { QueryClient } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { applyEvent, type LiveCache } from './apply-event.ts';
import { createLiveStore, type LiveState } from './live-state.ts';
import { startPolling } from './polling.ts';
import { browserTimers, type Timers } from './timers.ts';
import { tabReads, type ViewReads } from './view-reads.ts';
import { allViews, type View } from './views.ts';

/** At most four repaints per second, however fast events come. */
const FLUSH_MS = 250;
/** Past this many unshown events it is cheaper to read again. */
const MAX_PENDING = 2000;
/** A tab that nobody looks at gives its connection back: browsers allow six per host. */
const HIDDEN_GRACE_MS = 30_000;

/** What the rest of the page sees of the live connection. */
export interface LiveConnection {
  readonly state: () => LiveState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Connects; the returned function ends everything that was started. */
  readonly start: () => () => void;
}

/** What a live connection takes: the API's events, a clock, and who looks at the page. */
export interface LiveConnectionDeps {
  readonly reads: ViewReads;
  readonly timers: Timers;
  /** Follows the API's events until the signal fires, reconnecting by itself. */
  readonly follow: (options: FollowOptions) => Promise<void>;
  /** Tells when somebody looks at this tab and when nobody has for a while; the returned function ends that. */
  readonly watchVisibility: (seen: () => void, unseen: () => void) => () => void;
}

const tabDeps: LiveConnectionDeps = {
  reads: tabReads,
  timers: browserTimers,
  follow: (options) => followEvents(client, options),
  watchVisibility,
};

/** The one event stream of this tab, folded into `queries`; polls while the stream is down. */
export function createLiveConnection(
  queries: QueryClient,
  deps: LiveConnectionDeps = tabDeps,
): LiveConnection {
  const { reads, timers } = deps;
  const store = createLiveStore();
  let pending: ApiEvent[] = [];
  const repaints = pace(
    () => {
      const events = pending;
      pending = [];
      showEvents(queries, events);
    },
    FLUSH_MS,
    timers,
  );
  let stream: AbortController | undefined;

  function connect(): void {
    if (stream !== undefined || store.state().kind === 'paused') return;
    stream = new AbortController();
    void deps.follow({
      signal: stream.signal,
      onEvent(event) {
        reads.record(event);
        pending.push(event);
        repaints.ask();
      },
      onState: streamWatch(queries, reads, store.happened),
    });
  }

  function disconnect(): void {
    stream?.abort();
    stream = undefined;
  }

  return {
    state: store.state,
    subscribe: store.subscribe,
    pause() {
      disconnect();
      store.happened('paused');
    },
    resume() {
      store.happened('resumed');
      connect();
    },
    start() {
      const ends = [
        deps.watchVisibility(connect, () => {
          disconnect();
          store.happened('unseen');
        }),
        startPolling(queries, store, timers),
        disconnect,
        repaints.stop,
      ];
      connect();
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

/** Work that may be asked for more often than it is done. */
interface Paced {
  readonly ask: () => void;
  /** Cancels work that was asked for and is not done yet. */
  readonly stop: () => void;
}

/** Does `work` when it is asked for: at once after a quiet time, and under load once every `everyMs`. */
function pace(work: () => void, everyMs: number, timers: Timers): Paced {
  let lastMs = Number.NEGATIVE_INFINITY;
  let callOff: (() => void) | undefined;
  return {
    ask() {
      callOff ??= timers.after(Math.max(0, lastMs + everyMs - timers.now()), () => {
        callOff = undefined;
        lastMs = timers.now();
        work();
      });
    },
    stop() {
      callOff?.();
      callOff = undefined;
    },
  };
}

/** Folds events into the views that have been read; reads those again when there are too many, or some were missed. */
function showEvents(queries: QueryClient, events: readonly ApiEvent[]): void {
  if (events.length > MAX_PENDING || events.some((event) => event.type === 'resync')) {
    void queries.invalidateQueries({ queryKey: allViews });
    return;
  }
  const before = cachedViews(queries);
  const after = events.reduce<LiveCache>(applyEvent, before);
  after.forEach((view, at) => {
    if (view !== before[at]) queries.setQueryData(['view', view.kind, view.id], view.data);
  });
}

/** The views in the query cache that have data. */
function cachedViews(queries: QueryClient): LiveCache {
  return queries
    .getQueryCache()
    .findAll({ queryKey: allViews })
    .filter((query) => query.state.data !== undefined)
    .map((query) => {
      const [, kind, id] = query.queryKey;
      // Only `viewQuery` writes below this key, and it ties kind and data together.
      return { kind, id, data: query.state.data } as View;
    });
}

/** What follows when one stream comes up or is lost: reads again what its events would not tell. */
function streamWatch(
  queries: QueryClient,
  reads: ViewReads,
  happened: (event: 'stream_live' | 'stream_lost', at?: number) => void,
): FollowOptions['onState'] {
  let isFirst = true;
  return (connection) => {
    const isLive = connection.kind === 'live';
    // What was read before this stream began may have changed since: no event will say so.
    if (reads.streamSettled() && isLive && isFirst) void queries.invalidateQueries({ queryKey: allViews });
    if (isLive) isFirst = false;
    if (connection.kind === 'live') happened('stream_live');
    else happened('stream_lost', connection.since);
    // Events only change views that have data; those that failed are read again.
    if (isLive) {
      void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
    }
  };
}

function watchVisibility(seen: () => void, unseen: () => void): () => void {
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  const changed = () => {
    clearTimeout(hiddenTimer);
    if (document.visibilityState === 'visible') seen();
    else hiddenTimer = setTimeout(unseen, HIDDEN_GRACE_MS);
  };
  document.addEventListener('visibilitychange', changed);
  return () => {
    clearTimeout(hiddenTimer);
    document.removeEventListener('visibilitychange', changed);
  };
}
