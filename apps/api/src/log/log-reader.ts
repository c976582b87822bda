import {
  DEFAULT_LOG_TAIL,
  type LogEntry,
  type LogGap,
  type OpenLine,
  type ProcLogs,
  type ProcLogsQuery,
} from '@hostmesh/contract';
import type { Result } from '@hostmesh/core';
import type { LogEntryRecord, OpenLineRecord, ProcLogsRecord, ProcRecord, Procs } from '@hostmesh/db';
import { readStretch, type Stretch, type StretchRange } from './read-stretch.ts';
import type { LogFault, LogSource } from './log-source.ts';

/** Which output; of `after` and `tail` the first that is given counts. */
export type LogRange = Pick<ProcLogsQuery, 'after' | 'tail' | 'limit' | 'stream'>;
type Stream = LogRange['stream'];

/** A page as it is stored after its host was asked, if it was. */
interface Read {
  readonly stored: ProcLogsRecord;
  /** Null: all that there ever was is stored, and the host was not asked. */
  readonly asked: Result<Stretch, LogFault> | null;
  /** The newest entry that is known of. */
  readonly newestSeq: number;
}

/** Answers of the host that are read for one page. */
const MAX_ANSWERS = 8;
/** Entries by which is gone back when the last ones are not of the stream that is asked for. */
const STEP_BACK = 2000;

const nothing: ProcLogsRecord = { entries: [], open: [], gaps: [], lastSeq: 0, ended: true };

/** Reads output page by page: from the host what it has, from the store what it no longer has. */
export class LogReader {
  readonly #procs: Pick<Procs, 'get' | 'logs'>;
  readonly #source: Pick<LogSource, 'fetch'>;

  constructor(procs: Pick<Procs, 'get' | 'logs'>, source: Pick<LogSource, 'fetch'>) {
    this.#procs = procs;
    this.#source = source;
  }

  /** There is more while `lastSeq` is before `newestSeq`; each page after `lastSeq` comes closer to that. */
  async page(proc: ProcRecord, { after, tail, limit, stream }: LogRange): Promise<ProcLogs> {
    return pageView(
      after === undefined
        ? await this.#last(proc, tail ?? DEFAULT_LOG_TAIL, stream)
        : await this.#after(proc, after, limit, stream),
    );
  }

  async #after(proc: ProcRecord, after: number, limit: number, stream: Stream): Promise<Read> {
    const query = { after, limit, stream };
    const before = await this.#stored(proc, query);
    if (isAll(before)) return unasked(before);
    const isStored = before.gaps.length === 0 && before.entries.length === limit;
    if (isStored && proc.logEnded) return { stored: before, asked: null, newestSeq: proc.logSeq };
    // Of a page that is stored the host is asked only how far the output goes.
    const range = isStored ? { tail: 0 } : { after, isEnough: enoughFor(limit, stream) };
    const asked = await readStretch(this.#source, proc, range);
    const stored = await this.#stored(proc, query);
    if (asked.ok) {
      const page = isStored ? stored : upTo(stored, limit, asked.value);
      return { stored: page, asked, newestSeq: Math.max(asked.value.newestSeq, page.lastSeq) };
    }
    const isLast = stored.entries.length < limit;
    const newestSeq = isLast ? stored.lastSeq : ((await this.#procs.get(proc.id))?.logSeq ?? stored.lastSeq);
    return { stored, asked, newestSeq };
  }

  /** The last entries. When those are of the other stream, goes back until there are enough, or the output begins. */
  async #last(proc: ProcRecord, tail: number, stream: Stream): Promise<Read> {
    const before = await this.#storedLast(proc, tail, stream);
    if (isAll(before)) return unasked(before);
    let range: StretchRange = { tail };
    for (;;) {
      const asked = await readStretch(this.#source, proc, range);
      const stored = await this.#storedLast(proc, tail, stream);
      const read = { stored, asked, newestSeq: stored.lastSeq };
      if (!asked.ok) return read;
      const { firstSeq, newestSeq } = asked.value;
      const oldest: number = 'after' in range ? range.after + 1 : newestSeq - tail + 1;
      const missing = stored.gaps.findLast(
        ({ afterSeq, beforeSeq }) => beforeSeq > firstSeq && afterSeq + 1 < oldest,
      );
      if (missing === undefined) return read;
      const last = Math.min(missing.beforeSeq, oldest) - 1;
      range = {
        after: Math.max(missing.afterSeq, last - STEP_BACK),
        isEnough: (entries) => (entries.at(-1)?.seq ?? last) >= last,
      };
    }
  }

  async #stored(proc: ProcRecord, query: Parameters<Procs['logs']>[1]): Promise<ProcLogsRecord> {
    return (await this.#procs.logs(proc.id, query)) ?? nothing;
  }

  /** Where there are fewer entries than asked for, the gaps are those of all output. */
  async #storedLast(proc: ProcRecord, tail: number, stream: Stream): Promise<ProcLogsRecord> {
    const stored = await this.#stored(proc, { tail, limit: tail, stream });
    return stored.entries.length < tail ? this.#stored(proc, { after: 0, limit: tail, stream }) : stored;
  }
}

/** What has ended and is stored without a gap needs no host. */
const isAll = ({ ended, gaps }: ProcLogsRecord): boolean => ended && gaps.length === 0;

const unasked = (stored: ProcLogsRecord): Read => ({ stored, asked: null, newestSeq: stored.lastSeq });

/** A page is full, or it has taken its share of answers. */
function enoughFor(limit: number, stream: Stream): NonNullable<StretchRange['isEnough']> {
  let answers = 0;
  let count = 0;
  return (entries) => {
    answers += 1;
    count += entries.filter((entry) => stream === undefined || entry.stream === stream).length;
    return answers >= MAX_ANSWERS || count >= limit;
  };
}

/** No more of a page than was read: what is stored beyond may have gaps that the host can fill. */
function upTo(stored: ProcLogsRecord, limit: number, { readTo }: Stretch): ProcLogsRecord {
  if (readTo >= stored.lastSeq) {
    if (readTo === stored.lastSeq || stored.entries.length === limit) return stored;
    // The host knows that there were more, and no longer has them.
    const rest = { afterSeq: stored.lastSeq, beforeSeq: readTo + 1 };
    return { ...stored, gaps: [...stored.gaps, rest], lastSeq: readTo };
  }
  return {
    entries: stored.entries.filter(({ seq }) => seq <= readTo),
    open: [],
    gaps: stored.gaps.filter(({ afterSeq }) => afterSeq < readTo),
    lastSeq: readTo,
    ended: false,
  };
}

function pageView({ stored, asked, newestSeq }: Read): ProcLogs {
  const fault = asked?.ok === false ? asked.fault : null;
  const hasAllStored = stored.lastSeq >= newestSeq;
  const reason = fault?.message ?? 'its host no longer has them';
  const gaps: LogGap[] = stored.gaps.map((gap) => ({ ...gap, reason }));
  // The host did not answer, so that what follows the stored entries is not known.
  if (fault !== null && !stored.ended && hasAllStored) {
    gaps.push({ afterSeq: stored.lastSeq, beforeSeq: null, reason });
  }
  return {
    entries: stored.entries.map(logEntryView),
    open: hasAllStored ? stored.open.map(openLineView) : [],
    gaps,
    lastSeq: stored.lastSeq,
    newestSeq,
    ended: stored.ended || (fault?.code === 'gone' && hasAllStored),
    source: asked?.ok ? 'host' : 'stored',
  };
}

/** A stored line that had not ended as the API shows it. */
export const openLineView = (line: OpenLineRecord): OpenLine => ({ ...line, at: line.at.toISOString() });

/** A stored line of output as the API shows it. */
export const logEntryView = (entry: LogEntryRecord): LogEntry => ({ ...entry, at: entry.at.toISOString() });
