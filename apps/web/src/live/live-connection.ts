import { followEvents } from '@hostmesh/client';
import type { ApiEvent } from '@hostmesh/contract';
import type { Query, QueryClient } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { sessionQuery } from '../api/query-client.ts';
import { applyEvent, type LiveCache } from './apply-event.ts';
import { stepLive, type LiveEvent, type LiveState } from './live-state.ts';
import { onPollInterval, pollIntervalMs } from './poll-interval.ts';
import { journal, streamSettled } from './read-view.ts';
import { allViews, type View } from './views.ts';

/** A poll without a word for longer has failed: an API that hangs answers no better than one that is gone. */
const POLL_DEADLINE_MS = 5000;
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

/** The one event stream of this tab, folded into `queries`; polls while the stream is down. */
export function createLiveConnection(queries: QueryClient): LiveConnection {
  const listeners = new Set<() => void>();
  let state: LiveState = { kind: 'connecting', since: Date.now() };
  let pending: ApiEvent[] = [];
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let pollTimer: ReturnType<typeof setTimeout> | undefined;
  let stream: AbortController | undefined;

  function happened(event: LiveEvent): void {
    state = stepLive(state, event, Date.now());
    for (const listener of listeners) listener();
    const mustPoll = state.kind === 'polling' || state.kind === 'stale';
    if (!mustPoll) {
      clearTimeout(pollTimer);
      pollTimer = undefined;
    } else {
      pollTimer ??= setTimeout(poll, pollIntervalMs());
    }
  }

  function poll(): void {
    void (async () => {
      const { queryKey } = sessionQuery();
      // A list of tens of thousands may take longer than a round: it goes on while the API answers, else it is aborted.
      const cancelRefetch = state.kind === 'stale';
      // While nothing answers, what has failed stays so on the screen; it is read again once something does.
      const isWorthIt = (query: Query) => !cancelRefetch || query.state.data !== undefined;
      void queries.refetchQueries({ type: 'active', predicate: isWorthIt }, { cancelRefetch });
      const inTime = await Promise.race([
        queries.refetchQueries({ queryKey }, { cancelRefetch: false }).then(() => true),
        new Promise<false>((resolve) => setTimeout(resolve, POLL_DEADLINE_MS, false)),
      ]);
      const answered = inTime && queries.getQueryState(queryKey)?.status === 'success';
      pollTimer = undefined;
      happened(answered ? 'poll_answered' : 'poll_failed');
    })();
  }

  function receive(event: ApiEvent): void {
    journal.record(event);
    pending.push(event);
    flushTimer ??= setTimeout(flush, FLUSH_MS);
  }

  function flush(): void {
    flushTimer = undefined;
    const events = pending;
    pending = [];
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

  function connect(): void {
    if (stream !== undefined || state.kind === 'paused') return;
    stream = new AbortController();
    let isFirst = true;
    void followEvents(client, {
      signal: stream.signal,
      onEvent: receive,
      onState(streamState) {
        // What was read before this stream began may have changed since: no event will say so.
        if (streamSettled() && streamState.kind === 'live' && isFirst) {
          void queries.invalidateQueries({ queryKey: allViews });
        }
        if (streamState.kind === 'live') isFirst = false;
        happened(streamState.kind === 'live' ? 'stream_live' : 'stream_lost');
        // Events only change what has been read.
        if (streamState.kind === 'live') {
          const hasFailed = (query: Query) => query.state.status === 'error';
          void queries.refetchQueries({ type: 'active', predicate: hasFailed });
        }
      },
    });
  }

  function disconnect(): void {
    stream?.abort();
    stream = undefined;
  }

  function watchVisibility(): () => void {
    let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      clearTimeout(hiddenTimer);
      if (document.visibilityState === 'visible') connect();
      else hiddenTimer = setTimeout(disconnect, HIDDEN_GRACE_MS);
    };
    document.addEventListener('visibilitychange', changed);
    return () => {
      clearTimeout(hiddenTimer);
      document.removeEventListener('visibilitychange', changed);
    };
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pause() {
      disconnect();
      happened('paused');
    },
    resume() {
      happened('resumed');
      connect();
    },
    start() {
      const unwatch = watchVisibility();
      const unlisten = onPollInterval(() => {
        if (pollTimer === undefined) return;
        clearTimeout(pollTimer);
        pollTimer = setTimeout(poll, pollIntervalMs());
      });
      connect();
      return () => {
        unwatch();
        unlisten();
        disconnect();
        clearTimeout(flushTimer);
        clearTimeout(pollTimer);
        flushTimer = pollTimer = undefined;
      };
    },
  };
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
