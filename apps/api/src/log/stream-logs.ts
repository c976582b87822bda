import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry, LogEvent } from '@hostmesh/contract';
import type { LogEntryRecord, ProcRecord, Procs } from '@hostmesh/db';
import { logEntryView, type LogReader, type LogRange } from './log-reader.ts';
import type { LogSource } from './log-source.ts';

export interface FollowDeps {
  readonly procs: Pick<Procs, 'get' | 'logs'>;
  readonly source: Pick<LogSource, 'fetch'>;
  readonly reader: Pick<LogReader, 'page'>;
}

/** An event, and the `seq` up to which all is told by then. */
export interface Followed {
  readonly seq: number;
  /** Null: nothing new, the line is merely kept open. */
  readonly event: LogEvent | null;
}

/** How long a host may wait for output before it says that there is none. */
const WAIT_MS = 4_000;
const RETRY_MS = 2000;
const MAX_BYTES = 256_000;
const PAGE = 1000;
const ENTRIES_PER_EVENT = 500;

/**
 * Output as it comes, until the proc has ended or the signal fires. What the host no longer has comes from the store;
 * what nobody has is told of as a gap.
 */
export async function* streamLogs(
  deps: FollowDeps,
  proc: ProcRecord,
  { after, tail, stream }: LogRange,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  let seq = after ?? 0;
  // What is all of the other stream is told of without entries: the id says from where to go on.
  const events = function* (entries: readonly LogEntry[]): Generator<Followed> {
    for (let start = 0; start < entries.length; start += ENTRIES_PER_EVENT) {
      const some = entries.slice(start, start + ENTRIES_PER_EVENT);
      seq = some.at(-1)?.seq ?? seq;
      const told = some.filter((entry) => stream === undefined || entry.stream === stream);
      yield { seq, event: { type: 'entries', entries: told } };
    }
  };
  const stored = async function* (before: number | null, reason: string): AsyncGenerator<Followed> {
    for (;;) {
      const page = await deps.procs.logs(proc.id, { after: seq, limit: PAGE });
      const entries = (page?.entries ?? []).filter((entry) => before === null || entry.seq < before);
      for (const run of runsOf(entries)) {
        const first = run[0]?.seq ?? seq;
        if (first > seq + 1) {
          const gap = { afterSeq: seq, beforeSeq: first, reason };
          yield { seq: first - 1, event: { type: 'gap', gap } };
        }
        yield* events(run.map(logEntryView));
      }
      if (entries.length < PAGE) return;
    }
  };

  if (after === undefined) {
    const page = await deps.reader.page(proc, { tail, limit: PAGE, stream });
    yield* events(page.entries);
    if (page.lastSeq > seq) {
      seq = page.lastSeq;
      yield { seq, event: { type: 'entries', entries: [] } };
    }
  }
  // What has ended and is stored without a gap needs no host.
  for (let isMore = proc.logEnded; isMore && !signal.aborted;) {
    const page = await deps.procs.logs(proc.id, { after: seq, limit: PAGE });
    if (page === undefined || page.gaps.length > 0) break;
    yield* events(page.entries.map(logEntryView));
    if (page.ended) return yield { seq, event: { type: 'ended' } };
    isMore = page.entries.length > 0;
  }
  let stalled = false;
  while (!signal.aborted) {
    const fetched = await deps.source.fetch(proc, {
      after: seq,
      maxBytes: MAX_BYTES,
      waitMs: WAIT_MS,
      signal,
    });
    if (signal.aborted) return;
    if (!fetched.ok) {
      const { code, message } = fetched.fault;
      yield* stored(null, message);
      const now = await deps.procs.get(proc.id);
      if (now?.logEnded === true) return yield { seq, event: { type: 'ended' } };
      if (code === 'gone') {
        yield { seq, event: { type: 'gap', gap: { afterSeq: seq, beforeSeq: null, reason: message } } };
        return yield { seq, event: { type: 'ended' } };
      }
      if (!stalled) yield { seq, event: { type: 'stalled', reason: message } };
      stalled = true;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      yield { seq, event: null };
      continue;
    }
    stalled = false;
    const { entries, firstSeq, lastSeq, ended } = fetched.value;
    const first = entries[0]?.seq ?? Math.max(firstSeq, lastSeq + 1);
    if (first > seq + 1) {
      const reason = 'its host no longer has them';
      yield* stored(first, reason);
      if (first > seq + 1) {
        yield { seq: first - 1, event: { type: 'gap', gap: { afterSeq: seq, beforeSeq: first, reason } } };
        seq = first - 1;
      }
    }
    yield* events(entries.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })));
    if (ended && seq >= lastSeq) return yield { seq, event: { type: 'ended' } };
    if (entries.length === 0) yield { seq, event: null };
  }
}

/** Entries whose numbers follow each other, together. */
function runsOf(entries: readonly LogEntryRecord[]): LogEntryRecord[][] {
  const runs: LogEntryRecord[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run?.at(-1)?.seq === entry.seq - 1) run?.push(entry);
    else runs.push([entry]);
  }
  return runs;
}
