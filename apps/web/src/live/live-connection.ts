import { followEvents, type FollowOptions } from '@hostmesh/client';
import type { ApiEvent } from '@hostmesh/contract';
import type { QueryClient } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { createLiveStore, type LiveState } from './live-state.ts';
import { browserTimers, pace, type Timers } from './pace.ts';
import { startPolling } from './polling.ts';
import { showEvents } from './show-events.ts';
import { tabReads, type ViewReads } from './view-reads.ts';
import { allViews } from './views.ts';

/** At most four repaints per second, however fast events come. */
const FLUSH_MS = 250;
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
        deps.watchVisibility(connect, disconnect),
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

/** What follows when one stream comes up or is lost: reads again what its events would not tell. */
function streamWatch(
  queries: QueryClient,
  reads: ViewReads,
  happened: (event: 'stream_live' | 'stream_lost') => void,
): FollowOptions['onState'] {
  let isFirst = true;
  return ({ kind }) => {
    const isLive = kind === 'live';
    // What was read before this stream began may have changed since: no event will say so.
    if (reads.streamSettled() && isLive && isFirst) void queries.invalidateQueries({ queryKey: allViews });
    if (isLive) isFirst = false;
    happened(isLive ? 'stream_live' : 'stream_lost');
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
