import { basename } from 'node:path';
import { BIND_FORM, routes, type Mesh, type ProcMeshView, type SpawnRequest } from '@hostmesh/contract';
import { countOf, ok, type Result, shownJson } from '@hostmesh/core';
import type { Command } from 'commander';
import { refuseInput, showFault, type Context, type RunCommand } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { procMeshText } from '../output/proc-text.ts';
import { awaitProcs } from '../watch/await-procs.ts';
import { onMesh } from '../find.ts';
import { followOutput } from '../logs/follow-output.ts';
import {
  collect,
  parseBinds,
  parsePairs,
  parsePerHost,
  parseReadiness,
  parseRestart,
  READY_FORMS,
  RESTART_FORMS,
  type OptionFault,
} from './spawn-options.ts';

/** How long the end of the output is waited for once the procs have ended. */
const LAST_OUTPUT_MS = 5000;

interface Options {
  readonly perHost: readonly string[];
  readonly name?: string;
  readonly env: readonly string[];
  readonly bind: readonly string[];
  readonly cwd?: string;
  readonly runAs?: string;
  readonly ready?: string;
  readonly readyTimeout?: string;
  readonly restart?: string;
  readonly keep: boolean;
  readonly timeout?: string;
  readonly idempotencyKey?: string;
  /** True until the procs have ended, false not at all, else until they are ready. */
  readonly wait?: boolean;
  readonly follow: boolean;
}

/** `hostmesh run <mesh> -- <program> [args...]` */
export function addSpawn(program: Command, run: RunCommand): void {
  program
    .command('run <mesh> <program> [args...]')
    .description(
      'run a program on every host of a mesh; put `--` before it. Exit code 0 once every rank is ready, or as the procs end with --wait',
    )
    .option('-p, --per-host <label=n>', 'procs per host, as in gpus=4; may be given again', collect, [])
    .option('-n, --name <name>', 'of the proc mesh; the program’s by default')
    .option('-e, --env <NAME=VALUE>', 'set a variable; may be given again', collect, [])
    .option('--bind <binding>', `one slot's: ${BIND_FORM}; given again for each slot`, collect, [])
    .option('--cwd <path>', 'working directory on the hosts')
    .option('--run-as <user>', 'the user on the hosts, one that their agents allow (the first of them)')
    .option('--ready <when>', READY_FORMS)
    .option('--ready-timeout <duration>', 'how long a rank may take to become ready')
    .option('--restart <policy>', RESTART_FORMS)
    .option('--keep', 'let the procs outlive their host agents', false)
    .option('-t, --timeout <duration>', 'deadline until every rank is ready')
    .option('--wait', 'wait until the procs have ended; the exit code follows them')
    .option('--no-wait', 'return as soon as the proc mesh is recorded')
    .option('-f, --follow', 'show their output, and wait as --wait does', false)
    .option('--idempotency-key <key>', 'a repeated call with this key returns the first one’s proc mesh')
    .action((mesh: string, command: string, args: string[], options: Options) =>
      run(async (context) => {
        const body = spawnRequestOf(command, args, options);
        if (!body.ok) return refuseInput(context, body.fault.message);
        return onMesh(context, mesh, (found) => spawn(context, found, body.value, options));
      }),
    );
}

async function spawn(
  context: Context,
  { id }: Mesh,
  body: SpawnRequest,
  options: Options,
): Promise<ExitCode> {
  const key = options.idempotencyKey;
  const headers = { prefer: 'respond-async', ...(key === undefined ? {} : { 'idempotency-key': key }) };
  const started = await context.client.call(routes.spawnProcMesh, { params: { id }, body, headers });
  if (!started.ok) return showFault(context, started.fault);
  if (options.follow) return follow(context, started.value);
  if (options.wait === false) {
    context.out(context.json ? shownJson(started.value) : procMeshText(started.value));
    return exitCodes.ok;
  }
  return awaitProcs(context, started.value, { until: options.wait === true ? 'ended' : 'running' });
}

/** Shows output and waits for the end of the procs, and then a little for what they wrote last. */
async function follow(context: Context, procMesh: ProcMeshView): Promise<ExitCode> {
  context.err(`${procMesh.id}  ${procMesh.name}: ${countOf(procMesh.counts.total, 'proc')}`);
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  const shown = followOutput({ ...context, signal }, procMesh);
  // Both draw on the same lines: while output comes there is no progress.
  const code = await awaitProcs({ ...context, progress: () => {} }, procMesh, { until: 'ended' });
  // Output of a host that is gone does not end.
  const timer = setTimeout(() => done.abort(), LAST_OUTPUT_MS);
  await shown;
  clearTimeout(timer);
  return code;
}

/** The request, or what is wrong with the arguments. */
function spawnRequestOf(
  program: string,
  args: readonly string[],
  options: Options,
): Result<SpawnRequest, OptionFault> {
  const perHost = parsePerHost(options.perHost);
  if (!perHost.ok) return perHost;
  const env = parsePairs('--env', options.env);
  if (!env.ok) return env;
  const binds = parseBinds(options.bind);
  if (!binds.ok) return binds;
  const readiness =
    options.ready === undefined && options.readyTimeout === undefined
      ? undefined
      : parseReadiness(options.ready ?? 'alive', options.readyTimeout);
  if (readiness?.ok === false) return readiness;
  const restart = options.restart === undefined ? undefined : parseRestart(options.restart);
  if (restart?.ok === false) return restart;
  return ok({
    name: options.name ?? basename(program),
    perHost: perHost.value,
    command: {
      program,
      args: [...args],
      ...(options.env.length === 0 ? {} : { env: env.value }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.runAs === undefined ? {} : { runAs: options.runAs }),
    },
    ...(binds.value.length === 0 ? {} : { procBind: binds.value }),
    ...(readiness === undefined ? {} : { readiness: readiness.value }),
    ...(restart === undefined ? {} : { restart: restart.value }),
    ...(options.keep ? { keep: true } : {}),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  });
}
