import type { LogEntry, LogEvent, LogGap, OpenLine, ProcLogs } from '@hostmesh/contract';

/** As many lines as the page keeps; older ones are let go of. */
export const MAX_LINES = 50_000;

/** What the page has of a proc's output, oldest first. Immutable; `entries` keeps its identity while it is the same. */
export interface LogBuffer {
  readonly entries: readonly LogEntry[];
  readonly gaps: readonly LogGap[];
  /** What comes after all that, of lines that have not ended. */
  readonly open: readonly OpenLine[];
  /** The last `seq` that was told, shown or not. */
  readonly lastSeq: number;
  /** Lines that were let go of to stay within bounds. */
  readonly dropped: number;
}

export const emptyLog: LogBuffer = { entries: [], gaps: [], open: [], lastSeq: 0, dropped: 0 };

/** With more entries at its end. What is there already is left out, so that telling twice changes nothing. */
export function appendEntries(buffer: LogBuffer, told: readonly LogEntry[], max = MAX_LINES): LogBuffer {
  const fresh: LogEntry[] = [];
  let { lastSeq } = buffer;
  for (const entry of told) {
    if (entry.seq <= lastSeq) continue;
    fresh.push(entry);
    lastSeq = entry.seq;
  }
  if (fresh.length === 0) return buffer;
  const all = [...buffer.entries, ...fresh];
  // A tenth at a time, rather than all of them again with every line.
  const over = all.length > max ? all.length - Math.floor(max * 0.9) : 0;
  return {
    ...buffer,
    entries: over === 0 ? all : all.slice(over),
    lastSeq,
    dropped: buffer.dropped + over,
  };
}

/** With these lines open; the same object when they are the same. */
const withOpen = (buffer: LogBuffer, open: readonly OpenLine[]): LogBuffer =>
  JSON.stringify(open) === JSON.stringify(buffer.open) ? buffer : { ...buffer, open };

/** With a gap noted, once. Later entries are told after it. */
export function appendGap(buffer: LogBuffer, gap: LogGap): LogBuffer {
  if (buffer.gaps.some(({ afterSeq }) => afterSeq === gap.afterSeq)) return buffer;
  const lastSeq = Math.max(buffer.lastSeq, gap.beforeSeq === null ? gap.afterSeq : gap.beforeSeq - 1);
  return { ...buffer, gaps: [...buffer.gaps, gap].sort((a, b) => a.afterSeq - b.afterSeq), lastSeq };
}

/** Folds events in order; lines that come one by one are put in together. */
export function foldEvents(buffer: LogBuffer, events: readonly LogEvent[]): LogBuffer {
  let entries: ProcLogs['entries'] = [];
  let next = buffer;
  let { open } = buffer;
  for (const event of events) {
    if (event.type === 'entries') {
      entries = entries.length === 0 ? event.entries : [...entries, ...event.entries];
      open = event.open;
    }
    if (event.type !== 'gap') continue;
    next = appendGap(appendEntries(next, entries), event.gap);
    entries = [];
  }
  return withOpen(appendEntries(next, entries), open);
}

/** No more of an answer than its first so many lines; of gaps those among them. */
export function firstOf(reply: ProcLogs, count: number): ProcLogs {
  if (reply.entries.length <= count) return reply;
  const entries = reply.entries.slice(0, count);
  const lastSeq = entries.at(-1)?.seq ?? 0;
  const gaps = reply.gaps.filter(({ afterSeq }) => afterSeq < lastSeq);
  return { ...reply, entries, open: [], gaps, lastSeq };
}

/** One row of the log: a line, one that has not ended and so has no number, or a stretch that is missing. */
export type LogRow =
  | { readonly kind: 'line'; readonly entry: LogEntry }
  | { readonly kind: 'open'; readonly line: OpenLine }
  | { readonly kind: 'gap'; readonly gap: LogGap };

/** The rows of a buffer, gaps where they are, open lines at the end. A gap before the first line kept is shown when nothing was dropped. */
export function rowsOf(
  entries: readonly LogEntry[],
  gaps: readonly LogGap[],
  dropped: number,
  open: readonly OpenLine[] = [],
): readonly LogRow[] {
  const openRows = open.map((line): LogRow => ({ kind: 'open', line }));
  const firstSeq = entries[0]?.seq ?? 0;
  const shown = gaps.filter(({ afterSeq }) => dropped === 0 || afterSeq >= firstSeq);
  if (shown.length === 0) return [...entries.map(lineRow), ...openRows];
  const rows: LogRow[] = [];
  let next = 0;
  for (const entry of entries) {
    for (let gap = shown[next]; gap !== undefined && gap.afterSeq < entry.seq; gap = shown[next]) {
      rows.push({ kind: 'gap', gap });
      next += 1;
    }
    rows.push(lineRow(entry));
  }
  return [...rows, ...shown.slice(next).map((gap): LogRow => ({ kind: 'gap', gap })), ...openRows];
}

const rowOfEntry = new WeakMap<LogEntry, LogRow>();
/** The same row for the same entry, so that it need not be drawn again. */
function lineRow(entry: LogEntry): LogRow {
  let row = rowOfEntry.get(entry);
  if (row === undefined) {
    row = { kind: 'line', entry };
    rowOfEntry.set(entry, row);
  }
  return row;
}

/** `lines 120 to 340 are missing: the host had dropped them`. */
export function gapText({ afterSeq, beforeSeq, reason }: LogGap): string {
  const first = afterSeq + 1;
  if (beforeSeq === null) return `lines from ${first} on are missing: ${reason}`;
  const last = beforeSeq - 1;
  return first === last
    ? `line ${first} is missing: ${reason}`
    : `lines ${first} to ${last} are missing: ${reason}`;
}
