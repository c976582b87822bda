import type { LogEntry, LogGap, ProcLogs, ProcLogsQuery } from '@hostmesh/contract';
import type { LogEntryRecord, ProcLogsRecord, ProcRecord, Procs } from '@hostmesh/db';
import type { LogFault, LogSource } from './log-source.ts';

/** Which output; of `after` and `tail` the first that is given counts. */
export type LogRange = Pick<ProcLogsQuery, 'after' | 'tail' | 'limit' | 'stream'>;

const DEFAULT_TAIL = 200;
const MAX_BYTES = 500_000;
/** Requests to the host for one page. */
const MAX_ROUNDS = 8;

/** Reads output page by page: from the host what it has, from the store what it no longer has. */
export class LogReader {
  readonly #procs: Procs;
  readonly #source: LogSource;

  constructor(procs: Procs, source: LogSource) {
    this.#procs = procs;
    this.#source = source;
  }

  async page(proc: ProcRecord, range: LogRange): Promise<ProcLogs> {
    const { after, limit, stream } = range;
    const tail = after === undefined ? (range.tail ?? DEFAULT_TAIL) : undefined;
    const query = { after, tail, limit, stream };
    let stored = await this.#stored(proc, query);
    let fault: LogFault | null = null;
    let asked = false;
    // What has ended and is stored without a gap needs no host.
    if (!stored.ended || stored.gaps.length > 0) {
      fault = await this.#fetch(proc, range, tail);
      asked = true;
      stored = await this.#stored(proc, query);
    }
    const isGone = fault?.code === 'gone';
    const ended = stored.ended || (isGone && stored.entries.length < limit);
    const reason = fault === null ? 'its host no longer has them' : fault.message;
    const gaps: LogGap[] = stored.gaps.map((gap) => ({ ...gap, reason }));
    // Nobody knows what came after what is stored.
    if (fault !== null && !stored.ended && stored.entries.length < limit) {
      gaps.push({ afterSeq: stored.lastSeq, beforeSeq: null, reason });
    }
    return {
      entries: stored.entries.map(logEntryView),
      gaps,
      lastSeq: stored.lastSeq,
      ended,
      source: asked && fault === null ? 'host' : 'stored',
    };
  }

  async #stored(proc: ProcRecord, query: Parameters<Procs['logs']>[1]): Promise<ProcLogsRecord> {
    return (await this.#procs.logs(proc.id, query)) ?? { entries: [], gaps: [], lastSeq: 0, ended: true };
  }

  /** Stores what the host has of the range. */
  async #fetch(
    proc: ProcRecord,
    { after, limit }: LogRange,
    tail: number | undefined,
  ): Promise<LogFault | null> {
    let from: number | null = after ?? null;
    let count = 0;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const fetched = await this.#source.fetch(proc, {
        after: from,
        ...(from === null && tail !== undefined && { tail }),
        maxBytes: MAX_BYTES,
      });
      if (!fetched.ok) return fetched.fault;
      const { entries, lastSeq } = fetched.value;
      const last = entries.at(-1)?.seq;
      count += entries.length;
      if (last === undefined || last >= lastSeq || (tail === undefined && count >= limit)) return null;
      from = last;
    }
    return null;
  }
}

/** A stored line of output as the API shows it. */
export const logEntryView = (entry: LogEntryRecord): LogEntry => ({ ...entry, at: entry.at.toISOString() });
