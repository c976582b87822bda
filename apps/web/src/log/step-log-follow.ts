import type { ApiFault } from '@hostmesh/client';
import type { LogEvent, ProcLogs } from '@hostmesh/contract';
import { assertNever } from '@hostmesh/core';
import { emptyLog, firstOf, foldEvents, MAX_LINES, type LogBuffer } from './log-buffer.ts';

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

/**
 * What is being done for a log.
 * - `none`: nothing; it has not begun, the page was left, all is there, or there is no more room
 * - `opening`: asked for the first lines that are wanted; the stream goes on from them
 * - `reading`: asked for page after page from the first line on, up to `newest` at least
 * - `following`: streamed; asked for again and again while the stream is not live
 */
type LogWork =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly query: LogPosition }
  | { readonly kind: 'reading'; readonly newest: number }
  | { readonly kind: 'following'; readonly isLive: boolean };

/** Everything that is known while one log is followed. */
export interface LogFollow {
  readonly work: LogWork;
  readonly snapshot: LogSnapshot;
  /** All that has been taken in, shown or held back by a pause. */
  readonly latest: LogBuffer;
  /** What the stream has told since the last repaint. */
  readonly unpainted: readonly LogEvent[];
  /** When the page was painted last for what the stream told, and whether it is about to be. */
  readonly paintedAt: number;
  readonly isPaintDue: boolean;
}

/** What happens to a log that is followed. */
export type LogFollowEvent =
  /** The page is shown, left, or wants other lines. */
  | { readonly kind: 'opened' | 'left' | 'paused' | 'resumed' }
  | { readonly kind: 'wanted'; readonly from: LogSnapshot['from'] }
  /** What was asked is answered, or not; or it is time to ask again. */
  | { readonly kind: 'answered'; readonly reply: ProcLogs }
  | { readonly kind: 'unanswered'; readonly fault: ApiFault; readonly isTransient: boolean }
  | { readonly kind: 'waited' }
  /** The stream has come up or gone down, and what it tells. */
  | { readonly kind: 'stream_changed'; readonly isLive: boolean }
  | { readonly kind: 'told'; readonly event: LogEvent }
  | { readonly kind: 'paint_due' };

/** What is to be done for it. `close` ends all that the other commands have begun. */
export type LogFollowCommand =
  | { readonly kind: 'close' | 'wait' }
  | { readonly kind: 'read'; readonly query: LogPosition }
  | { readonly kind: 'stream'; readonly after: number }
  | { readonly kind: 'paint'; readonly inMs: number };

/** The log after an event, and what is to be done now. */
export type LogFollowStep = readonly [next: LogFollow, commands: readonly LogFollowCommand[]];

const TAIL = 1000;
/** At most four repaints per second, however fast lines come; the first after a quiet time is painted at once. */
const PAINT_MS = 250;

/** A log of which nothing has been read. */
export const unreadLog: LogFollow = {
  work: { kind: 'none' },
  snapshot: { shown: emptyLog, held: 0, isPaused: false, follow: { kind: 'loading' }, from: 'end' },
  latest: emptyLog,
  unpainted: [],
  paintedAt: -Infinity,
  isPaintDue: false,
};

/** Follows one log. A pause holds back what arrives, and loses none of it. */
export function stepLogFollow(log: LogFollow, event: LogFollowEvent, nowMs: number): LogFollowStep {
  switch (event.kind) {
    case 'opened':
      return opened(log);
    case 'left':
      return [{ ...painted(log, nowMs), work: { kind: 'none' } }, [{ kind: 'close' }]];
    case 'paused':
      return [withSnapshot(log, { isPaused: true }), []];
    case 'resumed':
      return [withLatest(withSnapshot(log, { isPaused: false }), log.latest), []];
    case 'wanted':
      return wanted(log, event.from);
    case 'answered':
      return answered(log, event.reply, nowMs);
    case 'unanswered':
      return unanswered(log, event, nowMs);
    case 'waited':
      return waited(log);
    case 'stream_changed':
      return [streamChanged(log, event.isLive), []];
    case 'told':
      return told(log, event.event, nowMs);
    case 'paint_due':
      return [painted(log, nowMs), []];
    default:
      return assertNever(event);
  }
}

function withSnapshot(log: LogFollow, change: Partial<LogSnapshot>): LogFollow {
  return { ...log, snapshot: { ...log.snapshot, ...change } };
}

const withFollow = (log: LogFollow, follow: FollowState): LogFollow => withSnapshot(log, { follow });

/** With all that has come taken in: shown, or counted during a pause. */
function withLatest(log: LogFollow, latest: LogBuffer): LogFollow {
  const { shown, isPaused } = log.snapshot;
  const held = latest.entries.length + latest.dropped - shown.entries.length - shown.dropped;
  return withSnapshot({ ...log, latest }, isPaused ? { held } : { shown: latest, held: 0 });
}

/** With what the stream has told. */
function painted(log: LogFollow, nowMs: number): LogFollow {
  const { unpainted, latest } = log;
  const next = { ...log, unpainted: [], isPaintDue: false, paintedAt: nowMs };
  return unpainted.length === 0 ? next : withLatest(next, foldEvents(latest, unpainted));
}

/** With what an answer tells. */
function withReply(log: LogFollow, { entries, open, gaps }: ProcLogs): LogFollow {
  const withEntries = foldEvents(log.latest, [{ type: 'entries', entries, open }]);
  // What an answer says of gaps lies among its own entries: noted after them, so that none is taken for missing.
  return withLatest(
    log,
    foldEvents(
      withEntries,
      gaps.map((gap) => ({ type: 'gap', gap })),
    ),
  );
}

function opened(log: LogFollow): LogFollowStep {
  const { follow } = log.snapshot;
  if (follow.kind === 'head') return [log, []];
  // A page that was left while it was being read is read on from where that was.
  if (follow.kind === 'reading') return readingFrom(log, follow.newest);
  const { lastSeq } = log.latest;
  return opening(log, lastSeq === 0 ? { tail: TAIL } : { after: lastSeq });
}

function wanted(log: LogFollow, from: LogSnapshot['from']): LogFollowStep {
  const empty: LogFollow = { ...unreadLog, snapshot: { ...unreadLog.snapshot, from } };
  const [next, commands] =
    from === 'start' ? readingFrom(empty, log.latest.lastSeq) : opening(empty, { tail: TAIL });
  return [next, [{ kind: 'close' }, ...commands]];
}

const opening = (log: LogFollow, query: LogPosition): LogFollowStep => [
  { ...log, work: { kind: 'opening', query } },
  [{ kind: 'read', query }],
];

const readingFrom = (log: LogFollow, newest: number): LogFollowStep => [
  withFollow({ ...log, work: { kind: 'reading', newest } }, { kind: 'reading', readTo: 0, newest }),
  [{ kind: 'read', query: { after: log.latest.lastSeq } }],
];

/** Streams what comes after all that is there; until the stream is live, it is asked for. */
const following = (log: LogFollow): LogFollowStep => [
  { ...log, work: { kind: 'following', isLive: false } },
  [{ kind: 'stream', after: log.latest.lastSeq }, { kind: 'wait' }],
];

/** Nothing more is done; what the stream has told is shown. */
const finished = (log: LogFollow, follow: FollowState, nowMs: number): LogFollowStep => [
  withFollow({ ...painted(log, nowMs), work: { kind: 'none' } }, follow),
  [{ kind: 'close' }],
];

function answered(before: LogFollow, reply: ProcLogs, nowMs: number): LogFollowStep {
  const { work } = before;
  if (work.kind === 'none') return [before, []];
  if (work.kind === 'reading') return pageRead(before, reply, Math.max(work.newest, reply.newestSeq), nowMs);
  const log = withReply(before, reply);
  if (reply.ended && log.latest.lastSeq >= reply.lastSeq) return finished(log, { kind: 'ended' }, nowMs);
  // A page that was left while its stream was live is likely to have it again at once.
  if (work.kind === 'opening')
    return following(log.snapshot.follow.kind === 'live' ? log : withFollow(log, { kind: 'polling' }));
  return [work.isLive ? log : withFollow(log, { kind: 'polling' }), [{ kind: 'wait' }]];
}

/** One more page from the start on. When it was the last the log is followed, unless there is no more room. */
function pageRead(before: LogFollow, reply: ProcLogs, newest: number, nowMs: number): LogFollowStep {
  const log = withReply(before, firstOf(reply, MAX_LINES - before.latest.entries.length));
  const { lastSeq, entries } = log.latest;
  const isAll = lastSeq >= newest || (reply.ended && lastSeq >= reply.lastSeq);
  if (isAll || lastSeq === before.latest.lastSeq) return opening(log, { after: lastSeq });
  const isFull = entries.length >= MAX_LINES;
  if (isFull) return finished(log, { kind: 'head', readTo: lastSeq, newest }, nowMs);
  return [
    withFollow({ ...log, work: { kind: 'reading', newest } }, { kind: 'reading', readTo: lastSeq, newest }),
    [{ kind: 'read', query: { after: lastSeq } }],
  ];
}

function unanswered(
  before: LogFollow,
  { fault, isTransient }: LogFollowEvent & { readonly kind: 'unanswered' },
  nowMs: number,
): LogFollowStep {
  const { work, snapshot } = before;
  if (work.kind === 'none') return [before, []];
  if (!isTransient) return finished(before, { kind: 'failed', fault }, nowMs);
  if (work.kind === 'following' && work.isLive) return [before, [{ kind: 'wait' }]];
  const since = snapshot.follow.kind === 'stale' ? snapshot.follow.since : nowMs;
  const log = withFollow(before, { kind: 'stale', since, reason: fault.message });
  // With lines to go on from the stream may come up before the API answers.
  if (work.kind === 'opening' && log.latest.lastSeq > 0) return following(log);
  return [log, [{ kind: 'wait' }]];
}

function waited(log: LogFollow): LogFollowStep {
  const { work } = log;
  const after = { after: log.latest.lastSeq };
  switch (work.kind) {
    case 'none':
      return [log, []];
    case 'opening':
      return [log, [{ kind: 'read', query: work.query }]];
    case 'reading':
      return [log, [{ kind: 'read', query: after }]];
    case 'following':
      return [log, [work.isLive ? { kind: 'wait' } : { kind: 'read', query: after }]];
    default:
      return assertNever(work);
  }
}

function streamChanged(log: LogFollow, isLive: boolean): LogFollow {
  if (log.work.kind !== 'following') return log;
  const next: LogFollow = { ...log, work: { kind: 'following', isLive } };
  if (isLive) return withFollow(next, { kind: 'live' });
  const { kind } = log.snapshot.follow;
  return kind === 'live' || kind === 'stalled' ? withFollow(next, { kind: 'polling' }) : next;
}

function told(log: LogFollow, event: LogEvent, nowMs: number): LogFollowStep {
  const { follow } = log.snapshot;
  if (event.type === 'ended') return finished(log, { kind: 'ended' }, nowMs);
  if (event.type === 'stalled') {
    const since = follow.kind === 'stalled' ? follow.since : nowMs;
    return [withFollow(log, { kind: 'stalled', since, reason: event.reason }), []];
  }
  const heard = follow.kind === 'stalled' ? withFollow(log, { kind: 'live' }) : log;
  const next = { ...heard, unpainted: [...heard.unpainted, event], isPaintDue: true };
  // Of a clock that was set back since, it is not known how long ago that was.
  const sinceMs = Math.max(0, nowMs - log.paintedAt);
  const inMs = Math.max(0, PAINT_MS - sinceMs);
  return [next, log.isPaintDue ? [] : [{ kind: 'paint', inMs }]];
}
