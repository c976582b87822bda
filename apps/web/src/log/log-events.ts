import type { LogEvent, ProcLogs } from '@hostmesh/contract';
import { appendEntries, appendGap, type LogBuffer } from './log-buffer.ts';

/** Folds events in order; lines that come one by one are put in together. */
export function foldEvents(buffer: LogBuffer, events: readonly LogEvent[]): LogBuffer {
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

/** No more of an answer than its first so many lines; of gaps those among them. */
export function firstOf(reply: ProcLogs, count: number): ProcLogs {
  if (reply.entries.length <= count) return reply;
  const entries = reply.entries.slice(0, count);
  const lastSeq = entries.at(-1)?.seq ?? 0;
  return { ...reply, entries, gaps: reply.gaps.filter(({ afterSeq }) => afterSeq < lastSeq), lastSeq };
}
