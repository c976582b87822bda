import { callAllPages, type ApiFault } from '@hostmesh/client';
import { DEFAULT_LOG_TAIL, routes, type Proc } from '@hostmesh/contract';
import { countOf, ok, type Result } from '@hostmesh/core';
import { Option, type Command } from 'commander';
import { refuseInput, showFault, type Context, type RunCommand } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { findProcMesh, noSuch } from '../find.ts';
import { sayingCut } from '../logs/cut-note.ts';
import { followEach, MAX_FOLLOWED } from '../logs/follow-output.ts';
import { filesSink, printingSink } from '../logs/log-sink.ts';
import { readEach, readMerged } from '../logs/read-output.ts';

interface Options {
  readonly follow: boolean;
  readonly tail?: string;
  readonly stream?: 'stdout' | 'stderr';
  readonly ranks?: string;
  readonly hosts?: string;
  readonly outputDir?: string;
}

/** `hostmesh logs <proc-mesh|proc>` */
export function addLogs(program: Command, run: RunCommand): void {
  program
    .command('logs <proc-mesh|proc>')
    .description('what procs wrote, all ranks together, `[rank]` before each line')
    .option('-f, --follow', 'go on until there will be no more', false)
    .option(
      '-n, --tail <count>',
      `the last so many entries of each proc, or all (default: ${DEFAULT_LOG_TAIL}, for files all)`,
    )
    .addOption(new Option('--stream <stream>', 'only this one').choices(['stdout', 'stderr']))
    .option('--ranks <ranks>', 'only these ranks, as in 0..4,7')
    .option('--hosts <ranks>', 'only those on these hosts, as in 0..2')
    .option('-o, --output-dir <path>', 'write a file per rank there: rank-0.log and so on')
    .addHelpText(
      'after',
      '\nOn a terminal control characters are shown as `\uFFFD`; what is piped or written to files is as the procs wrote it.',
    )
    .action((given: string, options: Options) => run((context) => logs(context, given, options)));
}

async function logs(context: Context, given: string, options: Options): Promise<ExitCode> {
  const tail = options.tail ?? (options.outputDir === undefined ? String(DEFAULT_LOG_TAIL) : 'all');
  if (!/^(all|\d{1,4}|10000)$/.test(tail))
    return refuseInput(context, `--tail takes a number up to 10000, or all, not "${tail}"`);
  const reading = { tail: tail === 'all' ? undefined : Number(tail), stream: options.stream };
  const found = await findProcs(context, given, options);
  if (!found.ok) return showFault(context, found.fault);
  const { procs, hasRanks } = found.value;
  if (procs.length === 0) return refuseInput(context, 'no proc is selected');
  if (options.follow && procs.length > MAX_FOLLOWED)
    return refuseInput(
      context,
      `${countOf(procs.length, 'proc')} are too many to follow: select ${MAX_FOLLOWED} with --ranks`,
    );
  const directory = options.outputDir;
  try {
    const target = directory === undefined ? printingSink(context, hasRanks) : await filesSink(directory);
    const sink = sayingCut(context, reading, target);
    const fault = options.follow
      ? await followEach(context, procs, reading, sink)
      : directory === undefined
        ? await readMerged(context, procs, reading, sink)
        : await readEach(context, procs, reading, sink);
    await sink.end();
    if (fault !== undefined) return showFault(context, fault);
  } catch (cause) {
    // Calls answer with faults, files throw.
    if (directory === undefined) throw cause;
    return refuseInput(context, `${directory}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (directory !== undefined) context.err(`Output of ${countOf(procs.length, 'proc')} is in ${directory}`);
  return exitCodes.ok;
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
    : noSuch(`There is no proc mesh or proc "${given}".`);
}
