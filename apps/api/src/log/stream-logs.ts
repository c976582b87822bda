import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry, LogEvent, OpenLine } from '@hostmesh/contract';
import type { LogEntryRecord, ProcRecord, Procs } from '@hostmesh/db';
import type { LogsAnswer } from '@hostmesh/host-mesh';
import { logEntryView, openLineView, type LogReader, type LogRange } from './log-reader.ts';
import type { LogFault, LogSource } from './log-source.ts';

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
 * what neither has is told of as a gap.
 */
export const streamLogs = (
  deps: FollowDeps,
  proc: ProcRecord,
  range: LogRange,
  signal: AbortSignal,
): AsyncGenerator<Followed> => new LogStream(deps, proc, range).follow(signal);

/** A generator of events that returns whether the output has ended with them. */
type Told = AsyncGenerator<Followed, boolean>;

class LogStream {
  readonly #deps: FollowDeps;
  readonly #proc: ProcRecord;
  readonly #range: LogRange;
  /** Up to here everything has been told. */
  #seq: number;
  /** What has been told to be open, as JSON; null: somebody who comes back may have something from before. */
  #toldOpen: string | null = null;
  #openVersion: number | undefined;

  constructor(deps: FollowDeps, proc: ProcRecord, range: LogRange) {
    this.#deps = deps;
    this.#proc = proc;
    this.#range = range;
    this.#seq = range.after ?? 0;
  }

  async *follow(signal: AbortSignal): AsyncGenerator<Followed> {
    if (this.#range.after === undefined) yield* this.#last();
    if (yield* this.#allStored(signal)) return;
    let isStalled = false;
    while (!signal.aborted) {
      const options = { after: this.#seq, maxBytes: MAX_BYTES, waitMs: WAIT_MS, signal, ...this.#known() };
      const fetched = await this.#deps.source.fetch(this.#proc, options);
      if (signal.aborted) return;
      if (fetched.ok) {
        isStalled = false;
        if (yield* this.#answered(fetched.value)) return;
        continue;
      }
      if (yield* this.#unanswered(fetched.fault, isStalled)) return;
      isStalled = true;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      yield this.#event(null);
    }
  }

  /** The last entries; of those of the other stream only the id says that they are told of. */
  async *#last(): AsyncGenerator<Followed> {
    const { tail, stream } = this.#range;
    const page = await this.#deps.reader.page(this.#proc, { tail, limit: PAGE, stream });
    if (page.entries.length === 0) this.#seq = page.lastSeq;
    yield* this.#entries(page.entries, page.open);
    if (page.lastSeq <= this.#seq) return;
    this.#seq = page.lastSeq;
    yield this.#event({ type: 'entries', entries: [], open: this.#ofStream(page.open) });
  }

  /** What has ended and is stored without a gap needs no host. */
  async *#allStored(signal: AbortSignal): Told {
    for (let isMore = this.#proc.logEnded; isMore && !signal.aborted;) {
      const page = await this.#deps.procs.logs(this.#proc.id, { after: this.#seq, limit: PAGE });
      if (page === undefined || page.gaps.length > 0) return false;
      yield* this.#entries(page.entries.map(logEntryView));
      if (page.ended) return yield* this.#end();
      isMore = page.entries.length > 0;
    }
    return false;
  }

  /** What the host answered, and before it what only the store has. */
  async *#answered({ entries, open, openVersion, firstSeq, lastSeq, ended }: LogsAnswer): Told {
    const first = entries[0]?.seq ?? Math.max(firstSeq, lastSeq + 1);
    if (first > this.#seq + 1) {
      const reason = 'its host no longer has them';
      yield* this.#stored(first, reason);
      yield* this.#gap(first, reason);
    }
    const isUpToNow = (entries.at(-1)?.seq ?? this.#seq) >= lastSeq;
    yield* this.#entries(entries.map(withTime), isUpToNow ? open.map(withTime) : []);
    this.#openVersion = isUpToNow ? openVersion : undefined;
    if (ended && this.#seq >= lastSeq) return yield* this.#end();
    if (entries.length === 0) yield this.#event(null);
    return false;
  }

  /** What is stored, since the host said nothing; the output has ended when nothing more can come. */
  async *#unanswered({ code, message }: LogFault, isStalled: boolean): Told {
    yield* this.#stored(null, message);
    const now = await this.#deps.procs.get(this.#proc.id);
    if (now?.logEnded === true) return yield* this.#end();
    if (code === 'gone') {
      yield this.#event({ type: 'gap', gap: { afterSeq: this.#seq, beforeSeq: null, reason: message } });
      return yield* this.#end();
    }
    if (!isStalled) yield this.#event({ type: 'stalled', reason: message });
    return false;
  }

  /** What is stored after what has been told, and before an entry that the host has. */
  async *#stored(before: number | null, reason: string): AsyncGenerator<Followed> {
    for (;;) {
      const page = await this.#deps.procs.logs(this.#proc.id, { after: this.#seq, limit: PAGE });
      const entries = (page?.entries ?? []).filter(({ seq }) => before === null || seq < before);
      for (const run of runsOf(entries)) {
        yield* this.#gap(run[0]?.seq ?? this.#seq, reason);
        yield* this.#entries(run.map(logEntryView));
      }
      if (entries.length < PAGE) {
        if (before === null) yield* this.#entries([], (page?.open ?? []).map(openLineView));
        return;
      }
    }
  }

  /** Entries that are of the stream which is followed, a part of them at a time, and what is open after them. */
  *#entries(entries: readonly LogEntry[], open: readonly OpenLine[] = []): Generator<Followed> {
    const openAfter = this.#ofStream(open);
    for (let start = 0; start < entries.length; start += ENTRIES_PER_EVENT) {
      const some = entries.slice(start, start + ENTRIES_PER_EVENT);
      this.#seq = some.at(-1)?.seq ?? this.#seq;
      const isLast = start + ENTRIES_PER_EVENT >= entries.length;
      yield this.#event({ type: 'entries', entries: this.#ofStream(some), open: isLast ? openAfter : [] });
    }
    if (JSON.stringify(openAfter) !== this.#toldOpen)
      yield this.#event({ type: 'entries', entries: [], open: openAfter });
  }

  #ofStream<T extends LogEntry | OpenLine>(lines: readonly T[]): T[] {
    const { stream } = this.#range;
    return lines.filter((line) => stream === undefined || line.stream === stream);
  }

  /** What the host need not tell again. */
  #known(): { openVersion?: number } {
    return this.#openVersion === undefined ? {} : { openVersion: this.#openVersion };
  }

  /** What is missing before an entry, if something is. */
  *#gap(before: number, reason: string): Generator<Followed> {
    if (before <= this.#seq + 1) return;
    const gap = { afterSeq: this.#seq, beforeSeq: before, reason };
    this.#seq = before - 1;
    yield this.#event({ type: 'gap', gap });
  }

  *#end(): Generator<Followed, true> {
    yield this.#event({ type: 'ended' });
    return true;
  }

  #event(event: LogEvent | null): Followed {
    if (event?.type === 'entries') this.#toldOpen = JSON.stringify(event.open);
    return { seq: this.#seq, event };
  }
}

/** As the API shows it. */
const withTime = <T extends { readonly at: number }>({ at, ...line }: T) => ({
  ...line,
  at: new Date(at).toISOString(),
});

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
