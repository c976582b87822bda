import type { ApiFault } from '@hostmesh/client';
import type { LogEvent, ProcLogs } from '@hostmesh/contract';
import type { Result } from '@hostmesh/core';
import { emptyLog, MAX_LINES, type LogBuffer } from './log-buffer.ts';
import { firstOf, foldEvents } from './log-events.ts';
import { waitFor } from './pause.ts';

/**
 * How the log of a proc is being followed. Times are milliseconds since 1970.
 * - `loading`: the first lines are on their way
 * - `reading`: read from the start; `readTo` of the `newest` line that is known of
 * - `head`: the page is full of the first lines; what comes after them is not read, `newest` is the last line known of
 * - `live`: lines arrive as they are written
 * - `polling`: there is no stream; new lines are asked for every few seconds
 * - `stalled`: the proc's host does not answer the API, which asks again
 * - `stale`: the API does not answer; it is asked again
 * - `failed`: the log cannot be read, and asking again would not help
 * - `ended`: nothing more will come
 */
export type FollowState =
  | { readonly kind: 'loading' | 'live' | 'polling' | 'ended' }
  | { readonly kind: 'reading' | 'head'; readonly readTo: number; readonly newest: number }
  | { readonly kind: 'stalled' | 'stale'; readonly since: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: ApiFault };

/** What the page shows of a log. */
export interface LogSnapshot {
  readonly shown: LogBuffer;
  /** Lines that have arrived and are held back by a pause. */
  readonly held: number;
  readonly isPaused: boolean;
  readonly follow: FollowState;
  /** Where the reader wants to be: at the end, where lines arrive, or at the very first line. */
  readonly from: 'end' | 'start';
}

/** Which lines: those after one, or the last so many. */
export type LogPosition = { readonly after: number } | { readonly tail: number };

/** Where logs come from; the API in the product. */
export interface LogApi {
  read(query: LogPosition, signal: AbortSignal): Promise<Result<ProcLogs, ApiFault>>;
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
  /** Reads again from the very first line that anybody still has, as far as the page has room. */
  readonly fromStart: () => void;
  /** Reads the last lines again, and follows. */
  readonly toEnd: () => void;
  /** Begins; the returned function ends everything that was started. */
  readonly start: () => () => void;
}

const TAIL = 1000;
/** At most four repaints per second, however fast lines come. */
const FLUSH_MS = 250;

/** Makes a follower; nothing is asked until it is started. A pause holds back what arrives, and loses none of it. */
export function createLogFollower(source: LogApi): LogFollower {
  const listeners = new Set<() => void>();
  let latest = emptyLog;
  let snapshot: LogSnapshot = {
    shown: emptyLog,
    held: 0,
    isPaused: false,
    follow: { kind: 'loading' },
    from: 'end',
  };
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

  /** Reads once; what goes wrong is shown. `stop`: asking again would not help, or nobody wants it any more. */
  async function readOnce(query: LogPosition, signal: AbortSignal): Promise<ProcLogs | 'later' | 'stop'> {
    const reply = await source.read(query, signal);
    if (signal.aborted) return 'stop';
    if (reply.ok) return reply.value;
    if (!source.isTransient(reply.fault)) {
      show({ follow: { kind: 'failed', fault: reply.fault } });
      return 'stop';
    }
    const since = snapshot.follow.kind === 'stale' ? snapshot.follow.since : Date.now();
    show({ follow: { kind: 'stale', since, reason: reply.fault.message } });
    return 'later';
  }

  /** Asks once. Resolves with whether to go on. */
  async function ask(query: LogPosition, signal: AbortSignal): Promise<boolean> {
    const reply = await readOnce(query, signal);
    if (typeof reply === 'string') return reply === 'later';
    applyReply(reply);
    if (!reply.ended || reply.lastSeq > latest.lastSeq) {
      if (snapshot.follow.kind !== 'live') show({ follow: { kind: 'polling' } });
      return true;
    }
    show({ follow: { kind: 'ended' } });
    return false;
  }

  /** Reads from the first line on. Resolves with whether to follow: not when the page is full before the end. */
  async function readHead(newestKnown: number, signal: AbortSignal): Promise<boolean> {
    let newest = newestKnown;
    show({ follow: { kind: 'reading', readTo: 0, newest } });
    while (!signal.aborted) {
      const before = latest.lastSeq;
      const reply = await readOnce({ after: before }, signal);
      if (reply === 'stop') return false;
      if (reply === 'later') {
        await waitFor(source.pollMs(), signal);
        continue;
      }
      newest = Math.max(newest, reply.newestSeq);
      applyReply(firstOf(reply, MAX_LINES - latest.entries.length));
      const isAll = latest.lastSeq >= newest || (reply.ended && latest.lastSeq >= reply.lastSeq);
      if (isAll || latest.lastSeq === before) return true;
      const isFull = latest.entries.length >= MAX_LINES;
      show({ follow: { kind: isFull ? 'head' : 'reading', readTo: latest.lastSeq, newest } });
      if (isFull) return false;
    }
    return false;
  }

  /** Follows from `first` on, or from the first line when `newestKnown` says how far there is to read. */
  async function run(first: LogPosition, stop: AbortController, newestKnown?: number): Promise<void> {
    const { signal } = stop;
    if (newestKnown !== undefined && !(await readHead(newestKnown, signal))) return;
    const from = newestKnown === undefined ? first : { after: latest.lastSeq };
    let goesOn = await ask(from, signal);
    while (goesOn && latest.lastSeq === 0 && snapshot.follow.kind === 'stale') {
      await waitFor(source.pollMs(), signal);
      goesOn = !signal.aborted && (await ask(from, signal));
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
      await waitFor(source.pollMs(), signal);
      if (!isLive && !signal.aborted) goesOn = await ask({ after: latest.lastSeq }, signal);
    }
    stop.abort();
    await streaming;
  }

  function begin(first: LogPosition, newestKnown?: number): void {
    running?.abort();
    running = new AbortController();
    void run(first, running, newestKnown);
  }

  /** Begins anew with nothing. */
  function restart(from: LogSnapshot['from']): void {
    const newestKnown = latest.lastSeq;
    queue = [];
    latest = emptyLog;
    show({ shown: emptyLog, held: 0, follow: { kind: 'loading' }, isPaused: false, from });
    if (from === 'start') begin({ after: 0 }, newestKnown);
    else begin({ tail: TAIL });
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
    fromStart: () => restart('start'),
    toEnd: () => restart('end'),
    start() {
      // A page that was left while it was being read is read on from where that was.
      if (snapshot.follow.kind === 'reading') begin({ after: 0 }, snapshot.follow.newest);
      else if (snapshot.follow.kind !== 'head')
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

const heldBeyond = (shown: LogBuffer, latest: LogBuffer): number =>
  latest.entries.length + latest.dropped - shown.entries.length - shown.dropped;
