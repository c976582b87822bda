import { callAllPages, type ApiFault } from '@hostmesh/client';
import { routes, type Proc, type ProcMeshView } from '@hostmesh/contract';
import { deadlineAfter, type Result, shownJson } from '@hostmesh/core';
import { showFault, type Context } from '../context.ts';
import { countsText, procMeshText } from '../output/proc-text.ts';
import { exitCodeOf, exitCodeOfSpawn, exitCodes, type ExitCode } from '../exit-code.ts';
import { FailedRanks } from './failed-ranks.ts';
import { watchUntilDone } from './watch.ts';

/** The pause before the procs are looked at again while a restart is due, or the API does not answer. */
const LOOK_AGAIN_MS = 1000;
/** The end of a proc mesh is recorded a moment after that of its last proc: how often it is looked for, and the pause between. */
const LOOKS_FOR_END = 5;
const END_MS = 400;

/** How far procs are waited for, and for how long. */
export interface Awaiting {
  readonly until: 'running' | 'ended';
  readonly timeoutMs?: number | undefined;
}

/**
 * Waits until every rank has become ready, or all procs have ended, and shows what has become of them. The exit code
 * follows the procs: see `exitCodes` and `exitCodeOf`.
 */
export async function awaitProcs(
  context: Context,
  started: ProcMeshView,
  { until, timeoutMs }: Awaiting,
): Promise<ExitCode> {
  using deadline = timeoutMs === undefined ? undefined : deadlineAfter(timeoutMs);
  const signal = deadline === undefined ? context.signal : AbortSignal.any([context.signal, deadline.signal]);
  const code =
    until === 'running' ? await ready(context, started, signal) : await ended(context, started, signal);
  if (code !== undefined) return code;
  const goOn = `hostmesh ps ${started.id}, hostmesh stop ${started.id}`;
  if (deadline?.signal.aborted) {
    context.err(`hostmesh: not ${until} in time. The procs go on: ${goOn}`);
    return exitCodes.timedOut;
  }
  context.err(`The procs go on: ${goOn}`);
  return exitCodes.interrupted;
}

/** Undefined when the signal fired before. */
async function ready(
  context: Context,
  started: ProcMeshView,
  signal: AbortSignal,
): Promise<ExitCode | undefined> {
  const watched = await watch(context, started, isSpawned, signal);
  if (!watched.ok) return showFault(context, watched.fault);
  const procMesh = watched.value;
  if (!isSpawned(procMesh)) return undefined;
  show(context, procMesh);
  return procMesh.readyAt === null ? exitCodes.failed : exitCodes.ok;
}

async function ended(
  context: Context,
  started: ProcMeshView,
  signal: AbortSignal,
): Promise<ExitCode | undefined> {
  let looksLeft = LOOKS_FOR_END;
  const failed = new FailedRanks(context);
  for (let latest = started; ;) {
    const watched = await watch(context, latest, seemsEnded, signal, failed);
    if (!watched.ok) return showFault(context, watched.fault);
    latest = watched.value;
    if (!seemsEnded(latest)) return undefined;
    const params = { id: latest.id };
    const procs = await callAllPages(context.client, routes.listMeshProcs, { params });
    const areFinal = procs.ok && procs.value.every(isFinal);
    if (areFinal) looksLeft -= 1;
    if (procs.ok && (latest.endedAt !== null || (areFinal && looksLeft < 0))) {
      await failed.told();
      show(context, latest);
      const { state, failures } = latest;
      return state === 'spawn_failed' ? exitCodeOfSpawn(failures) : exitCodeOf(procs.value);
    }
    if (!procs.ok && !mayPass(procs.fault)) return showFault(context, procs.fault);
    await context.sleep(areFinal ? END_MS : LOOK_AGAIN_MS, signal);
    if (signal.aborted) return undefined;
    const again = await context.client.call(routes.getProcMesh, { params });
    if (again.ok) latest = again.value;
  }
}

const watch = (
  context: Context,
  first: ProcMeshView,
  isDone: (procMesh: ProcMeshView) => boolean,
  signal: AbortSignal,
  failed?: FailedRanks,
): Promise<Result<ProcMeshView, ApiFault>> =>
  watchUntilDone(
    context,
    first,
    {
      filter: { procMesh: first.id },
      fromEvent: (event) =>
        event.type === 'proc_mesh.changed' && event.procMesh.id === first.id ? event.procMesh : undefined,
      read: (until) => context.client.call(routes.getProcMesh, { params: { id: first.id }, signal: until }),
      isDone,
      onChange(procMesh) {
        context.progress(isDone(procMesh) ? null : countsText(procMesh));
        failed?.look(procMesh);
      },
    },
    signal,
  ).finally(() => context.progress(null));

const isSpawned = ({ readyAt, endedAt }: ProcMeshView) => readyAt !== null || endedAt !== null;

/** Every proc has ended by its status; a restart may still be due. */
const seemsEnded = ({ endedAt, counts: { total, Stopped, Failed, Timeout } }: ProcMeshView) =>
  endedAt !== null || Stopped + Failed + Timeout === total;

/** Whether the API may answer later: it is away, or its database is. */
const mayPass = ({ status }: ApiFault) => status === null || status >= 500;

/** Whether a proc has ended for good, with nothing left of it. Its proc mesh was read earlier, so it may run again. */
const isFinal = ({ end }: Proc) => end !== null;

const show = (context: Context, procMesh: ProcMeshView) =>
  context.out(context.json ? shownJson(procMesh) : procMeshText(procMesh));
