import type { ApiFault } from '@hostmesh/client';
import type { LogEvent, ProcLogs } from '@hostmesh/contract';
import type { Result } from '@hostmesh/core';
import { appendEntries, appendGap, emptyLog, type LogBuffer } from './log-buffer.ts';

/**
 * How the log of a proc is being followed. Times are milliseconds since 1970.
 * - `loading`: the first lines are on their way
 * - `live`: lines arrive as they are written
 * - `polling`: there is no stream; new lines are asked for every few seconds
 * - `stalled`: the proc's host does not answer the API, which asks again
 * - `stale`: the API does not answer; it is asked again
 * - `failed`: the log cannot be read, and asking again would not help
 * - `ended`: nothing more will come
 */
export type FollowState =
  | { readonly kind: 'loading' | 'live' | 'polling' | 'ended' }
  | { readonly kind: 'stalled' | 'stale'; readonly since: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: ApiFault };

/** What the page shows of a log. */
export interface LogSnapshot {
  readonly shown: LogBuffer;
  /** Lines that have arrived and are held back by a pause. */
  readonly held: number;
  readonly isPaused: boolean;
  readonly follow: FollowState;
}

/** Where logs come from; the API in the product. */
export interface LogSource {
  read(query: { after: number } | { tail: number }, signal: AbortSignal): Promise<Result<ProcLogs, ApiFault>>;
  /** Streams what comes after `after` until the signal fires, reconnecting by itself. */
  stream(options: {
    after: number;
    signal: AbortSignal;
    onEvent: (event: LogEvent) => void;
    onState: (isLive: boolean) => void;
  }): Promise<void>;
  /** How often to ask while there is no stream, in milliseconds. */
  pollMs(): number;
  isTransient(fault: ApiFault): boolean;
}

/** Follows one proc's log. */
export interface LogFollower {
  readonly snapshot: () => LogSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Reads again from the very first line that anybody still has. */
  readonly fromStart: () => void;
  /** Begins; the returned function ends everything that was started. */
  readonly start: () => () => void;
}

const TAIL = 1000;
/** At most four repaints per second, however fast lines come. */
const FLUSH_MS = 250;

/** Makes a follower; nothing is asked until it is started. A pause holds back what arrives, and loses none of it. */
export function createLogFollower(source: LogSource): LogFollower {
  const listeners = new Set<() => void>();
  let latest = emptyLog;
  let snapshot: LogSnapshot = { shown: emptyLog, held: 0, isPaused: false, follow: { kind: 'loading' } };
  let queue: LogEvent[] = [];
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  function show(change: Partial<LogSnapshot>): void {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  }
  const showLatest = () =>
    snapshot.isPaused ? show({ held: heldBeyond(snapshot.shown, latest) }) : show({ shown: latest, held: 0 });

  function receive(event: LogEvent): void {
    queue.push(event);
    flushTimer ??= setTimeout(flush, FLUSH_MS);
  }

  function flush(): void {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    const events = queue;
    queue = [];
    latest = foldEvents(latest, events);
    showLatest();
  }

  function applyReply(reply: ProcLogs): void {
    const gaps: LogEvent[] = reply.gaps.map((gap) => ({ type: 'gap', gap }));
    latest = foldEvents(latest, [{ type: 'entries', entries: reply.entries }]);
    // What an answer says of gaps lies among its own entries: noted after them, so that none is taken for missing.
    latest = foldEvents(latest, gaps);
    showLatest();
  }

  /** Asks once. Resolves with whether to go on. */
  async function ask(query: { after: number } | { tail: number }, signal: AbortSignal): Promise<boolean> {
    const reply = await source.read(query, signal);
    if (signal.aborted) return false;
    if (!reply.ok) {
      if (!source.isTransient(reply.fault)) {
        show({ follow: { kind: 'failed', fault: reply.fault } });
        return false;
      }
      const since = snapshot.follow.kind === 'stale' ? snapshot.follow.since : Date.now();
      show({ follow: { kind: 'stale', since, reason: reply.fault.message } });
      return true;
    }
    applyReply(reply.value);
    if (!reply.value.ended || reply.value.lastSeq > latest.lastSeq) {
      if (snapshot.follow.kind !== 'live') show({ follow: { kind: 'polling' } });
      return true;
    }
    show({ follow: { kind: 'ended' } });
    return false;
  }

  async function run(first: { after: number } | { tail: number }, stop: AbortController): Promise<void> {
    const { signal } = stop;
    let goesOn = await ask(first, signal);
    while (goesOn && latest.lastSeq === 0 && snapshot.follow.kind === 'stale') {
      await pause(source.pollMs(), signal);
      goesOn = !signal.aborted && (await ask(first, signal));
    }
    if (!goesOn || signal.aborted) return;
    let isLive = false;
    const streaming = source.stream({
      after: latest.lastSeq,
      signal,
      onEvent(event) {
        if (event.type === 'stalled') {
          const since = snapshot.follow.kind === 'stalled' ? snapshot.follow.since : Date.now();
          show({ follow: { kind: 'stalled', since, reason: event.reason } });
          return;
        }
        if (event.type === 'ended') {
          flush();
          show({ follow: { kind: 'ended' } });
          stop.abort();
          return;
        }
        if (snapshot.follow.kind === 'stalled') show({ follow: { kind: 'live' } });
        receive(event);
      },
      onState(live) {
        isLive = live;
        if (live) show({ follow: { kind: 'live' } });
        else if (snapshot.follow.kind === 'live' || snapshot.follow.kind === 'stalled')
          show({ follow: { kind: 'polling' } });
      },
    });
    // The fallback: while the stream is down, new lines are asked for.
    while (goesOn && !signal.aborted) {
      await pause(source.pollMs(), signal);
      if (!isLive && !signal.aborted) goesOn = await ask({ after: latest.lastSeq }, signal);
    }
    stop.abort();
    await streaming;
  }

  function begin(first: { after: number } | { tail: number }): void {
    running?.abort();
    running = new AbortController();
    void run(first, running);
  }

  return {
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pause: () => show({ isPaused: true }),
    resume() {
      snapshot = { ...snapshot, isPaused: false };
      showLatest();
    },
    fromStart() {
      queue = [];
      latest = emptyLog;
      show({ follow: { kind: 'loading' }, isPaused: false });
      begin({ after: 0 });
    },
    start() {
      begin(latest.lastSeq === 0 ? { tail: TAIL } : { after: latest.lastSeq });
      return () => {
        running?.abort();
        running = undefined;
        clearTimeout(flushTimer);
        flushTimer = undefined;
      };
    },
  };
}

/** Folds events in order; lines that come one by one are put in together. */
function foldEvents(buffer: LogBuffer, events: readonly LogEvent[]): LogBuffer {
  let entries: ProcLogs['entries'] = [];
  let next = buffer;
  for (const event of events) {
    if (event.type === 'entries')
      entries = entries.length === 0 ? event.entries : [...entries, ...event.entries];
    if (event.type !== 'gap') continue;
    next = appendGap(appendEntries(next, entries), event.gap);
    entries = [];
  }
  return appendEntries(next, entries);
}

const heldBeyond = (shown: LogBuffer, latest: LogBuffer): number =>
  latest.entries.length + latest.dropped - shown.entries.length - shown.dropped;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
