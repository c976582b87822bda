import type { StopProcMeshReply, StopProcMeshRequest } from '@hostmesh/contract';
import { fail, MAX_WAIT_MS, numRanks, ok, parseDuration, printDuration } from '@hostmesh/core';
import type { Meshes, ProcMeshes, ProcMeshRecord, RankRange } from '@hostmesh/db';
import { isSurelyGone, type ProcStopOutcome } from '@hostmesh/host-mesh';
import type { Actor, AuditLog } from '../../audit/audit-log.ts';
import {
  invalidRequest,
  notFound,
  refuse,
  type RouteResult,
  type FieldError,
} from '../../problem/route-fault.ts';
import { failureOf, failureView } from '../../proc/proc-view.ts';
import type { LiveProcMeshes } from '../live/live-proc-meshes.ts';
import type { ProcWatch } from '../live/proc-watch.ts';
import { isSelected, parseRanks } from '../../proc/rank-selection.ts';
import type { ProcMeshReader } from '../spawn/spawn-answer.ts';
import type { SpawnService } from '../spawn/spawn-service.ts';
import { unrecorded } from '../spawn/spawn-answer.ts';
import { outcomeView } from '../../proc/proc-mesh-view.ts';

export interface StopDeps {
  readonly meshes: Meshes;
  readonly procMeshes: ProcMeshes;
  readonly owner: string;
  readonly book: LiveProcMeshes;
  readonly spawns: SpawnService;
  readonly reader: ProcMeshReader;
  readonly audit: AuditLog;
}

/** Problem documents name so many procs; the page shows all. */
const MAX_NAMED = 100;
const FLUSH_MS = 5000;

/** How many stops of all procs are under way: only the last one may take it back. */
const stopsOf = new WeakMap<ProcWatch, number>();

interface Terms {
  readonly ranks: readonly RankRange[] | undefined;
  readonly hosts: readonly RankRange[] | undefined;
  readonly stepMs: number | undefined;
  readonly timeoutMs: number | undefined;
}

/**
 * Stops procs of a proc mesh and says of each how that went (reference section 11). A stop of all of them ends the
 * proc mesh; one that could not end every proc leaves it running, so that it can be tried again: nobody vouches for the
 * procs that are left, and their hosts are asked once more when they come back. Whoever asks while a stop is under way
 * joins it.
 */
export async function stopProcs(
  deps: StopDeps,
  actor: Actor,
  id: string,
  request: StopProcMeshRequest,
): Promise<RouteResult<StopProcMeshReply>> {
  const terms = readTerms(request);
  if (!terms.ok) return terms;
  const record = await deps.procMeshes.get(id);
  if (record === undefined) return notFound(`proc mesh ${id}`);
  const isFailed = record.state === 'spawn_failed';
  if (record.state === 'stopped' || (isFailed && record.residueCount === 0)) return hasEnded(record);
  const isWhole = terms.value.ranks === undefined && terms.value.hosts === undefined;
  const run = deps.spawns.get(id);
  const watch = deps.book.get(id);
  if (run !== undefined && isWhole) {
    run.end('stopped');
    const { kind, record: ended, rollback } = await run.verdict;
    if (kind === 'unrecorded') return unrecorded(ended);
    // A spawn that was ready before it heard of that is stopped like any other.
    if (ended.state !== 'running') {
      await deps.audit.record(actor, 'proc_mesh.stop', `${record.name} ${id}`, 'spawn cancelled');
      return answer(deps, ended, rollback, watch);
    }
  }
  if (watch === undefined || watch.engine === null) return notHere(deps, record);
  // What a failed spawn may have left can be stopped, and changes nothing of how it ended.
  return isWhole && !isFailed
    ? stopAll(deps, actor, watch, terms.value)
    : stopSome(deps, actor, watch, terms.value);
}

async function stopAll(
  deps: StopDeps,
  actor: Actor,
  watch: ProcWatch,
  terms: Terms,
): Promise<RouteResult<StopProcMeshReply>> {
  const { procMeshes, owner, book } = deps;
  const { id, name } = watch.record;
  const begun = await procMeshes.beginStop(id, owner);
  if (!begun.ok) {
    return begun.fault.code === 'proc_mesh_ended' ? hasEnded(watch.record) : notHere(deps, watch.record);
  }
  watch.update(begun.value.procMesh);
  stopsOf.set(watch, (stopsOf.get(watch) ?? 0) + 1);
  const outcomes = await stopWith(watch, actor, terms).finally(() => {
    stopsOf.set(watch, (stopsOf.get(watch) ?? 1) - 1);
  });
  await watch.flush(FLUSH_MS);
  const gone = outcomes.every(isSurelyGone);
  const isLast = stopsOf.get(watch) === 0;
  const ended =
    gone || isLast
      ? await book.persist(
          () => (gone ? procMeshes.finishStop(id, owner, new Date()) : procMeshes.revertStop(id, owner)),
          `the end of proc mesh ${id} could not be recorded`,
        )
      : undefined;
  // Whoever joined the stop may have recorded its end.
  const record = ended?.ok ? ended.value : ((await procMeshes.get(id)) ?? watch.record);
  if (ended?.ok) {
    if (record.state === 'stopped') await book.end(record);
    else watch.update(record);
    await deps.audit.record(actor, 'proc_mesh.stop', `${name} ${id}`, outcomeText(outcomes));
  }
  return answer(deps, record, outcomes, watch);
}

async function stopSome(
  deps: StopDeps,
  actor: Actor,
  watch: ProcWatch,
  terms: Terms,
): Promise<RouteResult<StopProcMeshReply>> {
  const { ranks, hosts } = terms;
  const selected = watch.procs.filter(
    ({ rank, hostRank }) =>
      (ranks === undefined || isSelected(ranks, rank)) &&
      (hosts === undefined || isSelected(hosts, hostRank)),
  );
  if (selected.length === 0) return fail(invalidRequest(outside(watch.record, terms)));
  const outcomes = await stopWith(
    watch,
    actor,
    terms,
    selected.map(({ rank }) => rank),
  );
  await watch.flush(FLUSH_MS);
  const { id, name } = watch.record;
  await deps.audit.record(actor, 'proc_mesh.stop', `${name} ${id}`, outcomeText(outcomes));
  return answer(deps, (await deps.procMeshes.get(id)) ?? watch.record, outcomes, watch);
}

function stopWith(
  watch: ProcWatch,
  actor: Actor,
  { stepMs, timeoutMs }: Terms,
  ranks?: readonly number[],
): Promise<readonly ProcStopOutcome[]> {
  const { engine } = watch;
  if (engine === null) throw new Error(`proc mesh ${watch.record.id} is not there yet`);
  return engine.stop({
    causeText: `by ${actor.name}`,
    ...(ranks && { ranks }),
    ...(stepMs !== undefined && { stepMs }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

async function answer(
  { reader }: StopDeps,
  record: ProcMeshRecord,
  outcomes: readonly ProcStopOutcome[],
  watch?: ProcWatch,
): Promise<RouteResult<StopProcMeshReply>> {
  const left = outcomes.filter((outcome) => !isSurelyGone(outcome));
  const procOf = (rank: number) => watch?.procs[rank];
  if (left.length === 0) {
    const procMesh = await reader.viewOf(record);
    return ok({ procMesh, outcomes: outcomes.map((outcome) => outcomeView(outcome, procOf(outcome.rank))) });
  }
  const next =
    record.endedAt === null
      ? 'try again, or look at their hosts'
      : 'their hosts are asked once more when they come back';
  const message = `${left.length} of ${outcomes.length} procs are not known to have ended: ${next}.`;
  return refuse('stop_incomplete', message, {
    procMeshId: record.id,
    procFailures: left.slice(0, MAX_NAMED).flatMap(({ rank, outcome, message: why }) => {
      const proc = procOf(rank);
      return proc === undefined
        ? []
        : [{ ...failureView(failureOf(proc)), statusText: `${outcome.replace('_', ' ')}: ${why}` }];
    }),
    ...(left.length > MAX_NAMED && { failuresTruncated: true }),
  });
}

const hasEnded = ({ name, state }: ProcMeshRecord) =>
  refuse('proc_mesh_ended', `Proc mesh ${name} has ended: it is ${state.replace('_', ' ')}.`);

/** Why nobody here can stop it. */
async function notHere({ meshes, procMeshes }: StopDeps, { id, name, meshId }: ProcMeshRecord) {
  const record = await procMeshes.get(id);
  if (record !== undefined && record.endedAt !== null) return hasEnded(record);
  const mesh = await meshes.get(meshId);
  if (mesh !== undefined && mesh.endedAt !== null)
    return refuse('mesh_ended', `Mesh ${mesh.name}, which ${name} ran on, has ended.`);
  const message =
    record?.state === 'spawning'
      ? `Proc mesh ${name} is still being spawned: only all of it can be stopped.`
      : `Proc mesh ${name} is looked after by another replica, or being taken up by this one.`;
  return refuse('mesh_busy', message);
}

function outcomeText(outcomes: readonly ProcStopOutcome[]): string {
  const left = outcomes.filter((outcome) => !isSurelyGone(outcome)).length;
  return left === 0 ? `${outcomes.length} procs ended` : `${left} of ${outcomes.length} procs did not end`;
}

function outside({ extent }: ProcMeshRecord, { ranks, hosts }: Terms): FieldError[] {
  const message = `selects none of the ${numRanks(extent)} procs`;
  return [
    ...(ranks === undefined ? [] : [{ field: 'ranks', message }]),
    ...(hosts === undefined ? [] : [{ field: 'hosts', message }]),
  ];
}

function readTerms({ ranks, hosts, step, timeout }: StopProcMeshRequest): RouteResult<Terms> {
  const errors: FieldError[] = [];
  const selection = (field: string, text: string | undefined) => {
    if (text === undefined) return undefined;
    const read = parseRanks(text);
    if (!read.ok) errors.push({ field, message: read.fault.message });
    return read.ok ? read.value : undefined;
  };
  const duration = (field: string, text: string | undefined, minMs: number) => {
    if (text === undefined) return undefined;
    const read = parseDuration(text);
    if (!read.ok) errors.push({ field, message: read.fault.message });
    else if (read.value < minMs || read.value > MAX_WAIT_MS) {
      errors.push({
        field,
        message: `must be from ${printDuration(minMs)} to ${printDuration(MAX_WAIT_MS)}`,
      });
    } else return read.value;
    return undefined;
  };
  const terms = {
    ranks: selection('ranks', ranks),
    hosts: selection('hosts', hosts),
    stepMs: duration('step', step, 0),
    timeoutMs: duration('timeout', timeout, 1),
  };
  return errors.length > 0 ? fail(invalidRequest(errors)) : ok(terms);
}
