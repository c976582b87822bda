import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry, LogEvent } from '@hostmesh/contract';
import type { ProcRecord, Procs } from '@hostmesh/db';
import { logEntryView, type LogReader, type LogRange } from './log-reader.ts';
import type { LogSource } from './log-source.ts';

export interface FollowDeps {
  readonly procs: Procs;
  readonly source: LogSource;
  readonly reader: LogReader;
}

/** An event, and the last `seq` that is told of by then. */
export interface Followed {
  readonly seq: number;
  /** Null: nothing new, the line is merely kept open. */
  readonly event: LogEvent | null;
}

/** How long a host may wait for output before it says that there is none. */
const WAIT_MS = 15_000;
const RETRY_MS = 2000;
const MAX_BYTES = 256_000;
const PAGE = 1000;
const ENTRIES_PER_EVENT = 500;

/**
 * Output as it comes, until the proc has ended or the signal fires. What the host no longer has comes from the store;
 * what nobody has is told of as a gap.
 */
export async function* followLogs(
  deps: FollowDeps,
  proc: ProcRecord,
  { after, tail, stream }: LogRange,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  let seq = after ?? 0;
  const events = function* (entries: readonly LogEntry[]): Generator<Followed> {
    const told = entries.filter((entry) => stream === undefined || entry.stream === stream);
    for (let start = 0; start < told.length; start += ENTRIES_PER_EVENT) {
      const some = told.slice(start, start + ENTRIES_PER_EVENT);
      seq = some.at(-1)?.seq ?? seq;
      yield { seq, event: { type: 'entries', entries: some } };
    }
    seq = Math.max(seq, entries.at(-1)?.seq ?? 0);
  };
  const stored = async function* (before: number | null, reason: string): AsyncGenerator<Followed> {
    for (;;) {
      const page = await deps.procs.logs(proc.id, { after: seq, limit: PAGE });
      const entries = (page?.entries ?? []).filter((entry) => before === null || entry.seq < before);
      for (const entry of entries) {
        if (entry.seq > seq + 1) {
          const gap = { afterSeq: seq, beforeSeq: entry.seq, reason };
          yield { seq: entry.seq - 1, event: { type: 'gap', gap } };
        }
        yield* events([logEntryView(entry)]);
      }
      if (entries.length < PAGE) return;
    }
  };

  if (after === undefined) {
    const page = await deps.reader.page(proc, { tail, limit: PAGE });
    yield* events(page.entries);
    seq = Math.max(seq, page.lastSeq);
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
