import { callAllPages, followLogs, type ApiFault } from '@hostmesh/client';
import {
  routes,
  type LogEntry,
  type LogEvent,
  type LogGap,
  type Proc,
  type ProcMesh,
} from '@hostmesh/contract';
import { ok, type Result } from '@hostmesh/core';
import { Option, type Command } from 'commander';
import { exitCodes, refuse, showFault, type Context, type ExitCode } from '../context.ts';
import { plain } from '../output/table.ts';
import { findProcMesh, notFound } from './find.ts';
import { inParallel } from './in-parallel.ts';
import { filesSink, printingSink, type LogSink } from './log-sink.ts';
import type { Run } from './run.ts';

/** Procs that are read at once. */
const WIDTH = 8;
/** Each is followed on a connection of its own. */
const MAX_FOLLOWED = 100;
const PAGE_ENTRIES = 5000;
/** Entries of each proc that are shown unless said otherwise. */
const DEFAULT_TAIL = '200';

interface Options {
  readonly follow: boolean;
  readonly tail?: string;
  readonly stream?: 'stdout' | 'stderr';
  readonly ranks?: string;
  readonly hosts?: string;
  readonly outputDir?: string;
}

/** What is read of a proc: `tail` undefined is all of it. */
interface Reading {
  readonly tail: number | undefined;
  readonly stream: 'stdout' | 'stderr' | undefined;
}

/** `hostmesh logs <proc-mesh|proc>` */
export function addLogs(program: Command, run: Run): void {
  program
    .command('logs <proc-mesh|proc>')
    .description('what procs wrote, all ranks together, `[rank]` before each line')
    .option('-f, --follow', 'go on until there will be no more', false)
    .option(
      '-n, --tail <count>',
      `the last so many entries of each proc, or all (default: ${DEFAULT_TAIL}, for files all)`,
    )
    .addOption(new Option('--stream <stream>', 'only this one').choices(['stdout', 'stderr']))
    .option('--ranks <ranks>', 'only these ranks, as in 0..4,7')
    .option('--hosts <ranks>', 'only those on these hosts, as in 0..2')
    .option('-o, --output-dir <path>', 'write a file per rank there: rank-0.log and so on')
    .addHelpText(
      'after',
      '\nOn a terminal control characters are shown as `·`; what is piped or written to files is as the procs wrote it.',
    )
    .action((given: string, options: Options) => run((context) => logs(context, given, options)));
}

async function logs(context: Context, given: string, options: Options): Promise<ExitCode> {
  const tail = options.tail ?? (options.outputDir === undefined ? DEFAULT_TAIL : 'all');
  if (!/^(all|\d{1,4}|10000)$/.test(tail))
    return refuse(context, `--tail takes a number up to 10000, or all, not "${tail}"`);
  const reading = { tail: tail === 'all' ? undefined : Number(tail), stream: options.stream };
  const found = await findProcs(context, given, options);
  if (!found.ok) return showFault(context, found.fault);
  const { procs, hasRanks } = found.value;
  if (procs.length === 0) return refuse(context, 'no proc is selected');
  if (options.follow && procs.length > MAX_FOLLOWED)
    return refuse(
      context,
      `${procs.length} procs are too many to follow: select ${MAX_FOLLOWED} with --ranks`,
    );
  const directory = options.outputDir;
  try {
    const sink = directory === undefined ? printingSink(context, hasRanks) : await filesSink(directory);
    const fault = options.follow
      ? await follow(context, procs, reading, sink)
      : directory === undefined
        ? await readMerged(context, procs, reading, sink)
        : await readEach(context, procs, reading, sink);
    await sink.end();
    if (fault !== undefined) return showFault(context, fault);
  } catch (cause) {
    // Calls answer with faults, files throw.
    if (directory === undefined) throw cause;
    return refuse(context, `${directory}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (directory !== undefined) context.err(`Output of ${procs.length} procs is in ${directory}`);
  return exitCodes.ok;
}

/** Shows what the procs of a mesh write, from the start, until none will write more or on Ctrl-C. */
export async function followOutput(context: Context, procMesh: ProcMesh): Promise<void> {
  const params = { id: procMesh.id };
  const procs = await callAllPages(context.client, routes.listMeshProcs, { params });
  if (!procs.ok) return void showFault(context, procs.fault);
  if (procs.value.length > MAX_FOLLOWED)
    return context.err(
      `${procs.value.length} procs are too many to follow: hostmesh logs -f ${procMesh.id} --ranks 0..${MAX_FOLLOWED}`,
    );
  const sink = printingSink(context, procs.value.length > 1);
  const fault = await follow(context, procs.value, { tail: undefined, stream: undefined }, sink);
  await sink.end();
  if (fault !== undefined) showFault(context, fault);
}

/** The selected procs of a proc mesh, or the one proc of this id. */
async function findProcs(
  context: Context,
  given: string,
  { ranks, hosts }: Options,
): Promise<Result<{ procs: Proc[]; hasRanks: boolean }, ApiFault>> {
  const procMesh = await findProcMesh(context, given);
  if (procMesh.ok) {
    const params = { id: procMesh.value.id };
    const query = { ranks, hosts };
    const procs = await callAllPages(context.client, routes.listMeshProcs, { params, query });
    return procs.ok ? ok({ procs: procs.value, hasRanks: true }) : procs;
  }
  if (procMesh.fault.code !== 'not_found') return procMesh;
  const proc = await context.client.call(routes.getProc, { params: { id: given } });
  if (proc.ok) return ok({ procs: [proc.value], hasRanks: false });
  // Several proc meshes of the name are worth more words than that there is no such proc.
  return procMesh.fault.message.startsWith('Several')
    ? procMesh
    : notFound(`There is no proc mesh or proc "${given}".`);
}

/** What there is of all procs, by the time at which it was written. */
async function readMerged(
  context: Context,
  procs: readonly Proc[],
  reading: Reading,
  sink: LogSink,
): Promise<ApiFault | undefined> {
  const all: { proc: Proc; entry: LogEntry }[] = [];
  const collecting: LogSink = {
    write: async (proc, entry) => void all.push({ proc, entry }),
    end: async () => {},
  };
  const fault = await readEach(context, procs, reading, collecting);
  // Sorting is stable: entries of one proc and moment stay in order, and ranks come by rank.
  const byRank = all.toSorted((a, b) => a.proc.rank - b.proc.rank);
  const byTime = byRank.toSorted((a, b) => Date.parse(a.entry.at) - Date.parse(b.entry.at));
  for (const { proc, entry } of byTime) await sink.write(proc, entry);
  return fault;
}

/** What there is of each proc, one by one in no order of ranks. */
async function readEach(
  context: Context,
  procs: readonly Proc[],
  reading: Reading,
  sink: LogSink,
): Promise<ApiFault | undefined> {
  let fault: ApiFault | undefined;
  await inParallel(procs, WIDTH, async (proc) => {
    fault ??= await readOne(context, proc, reading, sink);
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
  for (;;) {
    const { id } = proc;
    const reply = await context.client.call(routes.procLogs, {
      params: { id },
      query: { after, tail, stream, limit: PAGE_ENTRIES },
      signal: context.signal,
    });
    if (!reply.ok) return context.signal.aborted ? undefined : reply.fault;
    const { entries, gaps, lastSeq } = reply.value;
    for (const entry of entries) await sink.write(proc, entry);
    for (const gap of gaps) sayGap(context, proc, gap);
    if (tail !== undefined || entries.length === 0 || lastSeq === after) return undefined;
    after = lastSeq;
  }
}

async function follow(
  context: Context,
  procs: readonly Proc[],
  { tail, stream }: Reading,
  sink: LogSink,
): Promise<ApiFault | undefined> {
  let fault: ApiFault | undefined;
  // One that cannot write ends all of them.
  const broken = new AbortController();
  const signal = AbortSignal.any([context.signal, broken.signal]);
  await inParallel(procs, procs.length, async (proc) => {
    // In order, without holding the stream up.
    let written = Promise.resolve();
    const end = await followLogs(context.client, proc.id, {
      ...(tail === undefined ? { after: 0 } : { tail }),
      stream,
      signal,
      onEvent(event) {
        written = written.then(() => take(context, proc, event, sink));
        written.catch(() => broken.abort());
      },
    });
    await written;
    if (!end.ok) fault ??= end.fault;
  });
  return fault;
}

async function take(context: Context, proc: Proc, event: LogEvent, sink: LogSink): Promise<void> {
  switch (event.type) {
    case 'entries':
      for (const entry of event.entries) await sink.write(proc, entry);
      return;
    case 'gap':
      return sayGap(context, proc, event.gap);
    case 'stalled':
      return context.err(`hostmesh: rank ${proc.rank}: ${plain(event.reason)}; asking again`);
    case 'ended':
  }
}

function sayGap(context: Context, { rank }: Proc, { afterSeq, beforeSeq, reason }: LogGap): void {
  const upTo = beforeSeq === null ? 'on' : `to ${beforeSeq - 1}`;
  context.err(`hostmesh: rank ${rank}: entries ${afterSeq + 1} ${upTo} are missing: ${plain(reason)}`);
}
