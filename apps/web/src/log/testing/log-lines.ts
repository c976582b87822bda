import type { ApiFault } from '@hostmesh/client';
import type { LogEntry, ProcLogs } from '@hostmesh/contract';

/** Lines of stdout from one number to another. */
export const logLines = (first: number, last: number): LogEntry[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({
    seq: first + index,
    stream: 'stdout',
    at: '2026-01-01T00:00:00Z',
    text: `line ${first + index}`,
    partial: false,
  }));

/** An answer of the API about output; it knows of no more lines than it tells. */
export const logReply = (given: Partial<ProcLogs>): ProcLogs => ({
  entries: [],
  open: [],
  gaps: [],
  lastSeq: given.entries?.at(-1)?.seq ?? 0,
  newestSeq: given.lastSeq ?? given.entries?.at(-1)?.seq ?? 0,
  ended: false,
  source: 'host',
  ...given,
});

/** What is known when the API does not answer. */
export const noAnswer: ApiFault = { code: 'network', message: 'no answer', status: null, problem: null };
