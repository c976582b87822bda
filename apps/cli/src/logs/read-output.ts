import type { ApiFault } from '@hostmesh/client';
import { routes, type LogEntry, type LogGap, type OpenLine, type Proc } from '@hostmesh/contract';
import { inParallel } from '@hostmesh/core';
import type { Context } from '../context.ts';
import type { LogSink } from './log-sink.ts';

/** Procs that are read at once. */
const WIDTH = 8;
const PAGE_ENTRIES = 5000;

/** What is read of a proc: `tail` undefined is all of it. */
export interface Reading {
  readonly tail: number | undefined;
  readonly stream: 'stdout' | 'stderr' | undefined;
}

/** What there is of all procs, by the time at which it was written. */
export async function readMerged(
  context: Context,
  procs: readonly Proc[],
  reading: Reading,
  sink: LogSink,
): Promise<ApiFault | undefined> {
  const all: { proc: Proc; entry: LogEntry }[] = [];
  const opened = new Map<Proc, readonly OpenLine[]>();
  const collecting: LogSink = {
    write: async (proc, entry) => void all.push({ proc, entry }),
    open: async (proc, lines) => void opened.set(proc, lines),
    end: async () => {},
  };
  const fault = await readEach(context, procs, reading, collecting);
  // Sorting is stable: entries of one proc and moment stay in order, and ranks come by rank.
  const byRank = all.toSorted((a, b) => a.proc.rank - b.proc.rank);
  const byTime = byRank.toSorted((a, b) => Date.parse(a.entry.at) - Date.parse(b.entry.at));
  for (const { proc, entry } of byTime) await sink.write(proc, entry);
  for (const [proc, lines] of opened) await sink.open(proc, lines);
  return fault;
}

/** What there is of each proc, one by one in no order of ranks. */
export async function readEach(
  context: Context,
  procs: readonly Proc[],
  reading: Reading,
  sink: LogSink,
): Promise<ApiFault | undefined> {
  let fault: ApiFault | undefined;
  await inParallel(procs, WIDTH, async (proc) => {
    const one = await readOne(context, proc, reading, sink);
    fault ??= one;
  });
  return fault;
}

async function readOne(
  context: Context,
  proc: Proc,
  { tail, stream }: Reading,
  sink: LogSink,
): Promise<ApiFault | undefined> {
  let after = tail === undefined ? 0 : undefined;
  // What it writes meanwhile is not waited for: it may be faster than we are.
  let upTo = Infinity;
  for (;;) {
    const { id } = proc;
    const reply = await context.client.call(routes.procLogs, {
      params: { id },
      query: { after, tail, stream, limit: PAGE_ENTRIES },
      signal: context.signal,
    });
    if (!reply.ok) return context.signal.aborted ? undefined : reply.fault;
    const { entries, open, gaps, lastSeq, newestSeq } = reply.value;
    for (const entry of entries) await sink.write(proc, entry);
    for (const gap of gaps) sayGap(context, proc, gap);
    upTo = Math.min(upTo, newestSeq);
    if (lastSeq >= upTo) {
      if (open.length > 0) await sink.open(proc, open);
      return undefined;
    }
    after = lastSeq;
  }
}

/** Says that some output is missing, and why. */
export function sayGap(context: Context, { rank }: Proc, { afterSeq, beforeSeq, reason }: LogGap): void {
  const upTo = beforeSeq === null ? 'on' : `to ${beforeSeq - 1}`;
  context.err(`hostmesh: rank ${rank}: entries ${afterSeq + 1} ${upTo} are missing: ${reason}`);
}
