import type { StopProcMeshReply, StopProcMeshRequest } from '@hostmesh/contract';
import { countOf, formatCount, ok, oneOrMany } from '@hostmesh/core';
import type { Meshes, ProcMeshes, ProcMeshRecord, ProcMeshStopRecord } from '@hostmesh/db';
import { isSurelyGone, type ProcStopOutcome } from '@hostmesh/host-mesh';
import type { Actor, AuditLog } from '../../audit/audit-log.ts';
import type { Background } from '../../persist/background.ts';
import { notFound, refuse, type RouteResult } from '../../problem/route-fault.ts';
import { outcomeView } from '../../proc/proc-mesh-view.ts';
import { failureOf, failureView } from '../../proc/proc-forms.ts';
import type { LiveProcMeshes } from '../live/live-proc-meshes.ts';
import type { ProcMeshReader } from '../live/proc-mesh-reader.ts';
import type { ProcWatch } from '../live/proc-watch.ts';
import { unrecorded } from '../spawn/spawn-answer.ts';
import type { SpawnService } from '../spawn/spawn-service.ts';
import { isWhole, readStopTerms, selectRanks, type StopTerms } from './stop-terms.ts';

export interface StopServiceDeps {
  readonly meshes: Meshes;
  readonly procMeshes: ProcMeshes;
  /** Whose lease host meshes are under. */
  readonly owner: string;
  readonly live: LiveProcMeshes;
  readonly background: Background;
  readonly spawns: SpawnService;
  readonly reader: ProcMeshReader;
  readonly audit: AuditLog;
}

/** Problem documents name so many procs; the page shows all. */
const MAX_NAMED = 100;
const FLUSH_MS = 5000;

/** Stops procs of proc meshes on request (reference section 11). */
export class StopService {
  readonly #deps: StopServiceDeps;
  /** How many stops of all its procs are under way for a proc mesh: only the last one may take it back. */
  readonly #underway = new Map<ProcWatch, number>();

  constructor(deps: StopServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Stops procs of a proc mesh and says of each how that went. A stop of all of them ends the proc mesh; one that could
   * not end every proc leaves it running, so that it can be tried again: nobody vouches for the procs that are left, and
   * their hosts are asked once more when they come back. Whoever asks while a stop is under way joins it.
   */
  async stop(
    actor: Actor,
    id: string,
    request: StopProcMeshRequest,
  ): Promise<RouteResult<StopProcMeshReply>> {
    const { procMeshes, owner, spawns, live } = this.#deps;
    const read = readStopTerms(request);
    if (!read.ok) return read;
    const terms = read.value;
    const record = await procMeshes.get(id);
    if (record === undefined) return notFound(`proc mesh ${id}`);
    const isFailed = record.state === 'spawn_failed';
    if (record.endedAt !== null && record.residueCount === 0) return hasEnded(record);
    const run = spawns.get(id);
    const watch = live.get(id);
    if (run !== undefined && isWhole(terms)) {
      await procMeshes.noteStop(id, owner, stopBy(actor));
      run.end('stopped');
      const { kind, record: ended, rollback } = await run.verdict;
      if (kind === 'unrecorded') return unrecorded(ended);
      // A spawn that was ready before it heard of that is stopped like any other.
      if (ended.state !== 'running') {
        await this.#audit(actor, record, 'spawn cancelled');
        return this.#answer(ended, rollback, watch);
      }
    }
    if (watch === undefined || watch.engine === null) return this.#notHere(record);
    // What a failed spawn may have left can be stopped, and changes nothing of how it ended.
    return isWhole(terms) && !isFailed
      ? this.#stopAll(actor, watch, terms)
      : this.#stopSome(actor, watch, terms);
  }

  async #stopAll(actor: Actor, watch: ProcWatch, terms: StopTerms): Promise<RouteResult<StopProcMeshReply>> {
    const { procMeshes, owner, live, background } = this.#deps;
    const { id } = watch.record;
    const begun = await procMeshes.beginStop(id, owner, stopBy(actor));
    if (!begun.ok) {
      const { record } = watch;
      return begun.fault.code === 'proc_mesh_ended' ? hasEnded(record) : this.#notHere(record);
    }
    watch.update(begun.value.procMesh);
    this.#underway.set(watch, (this.#underway.get(watch) ?? 0) + 1);
    const outcomes = await stopWith(watch, actor, terms).finally(() => this.#leave(watch));
    const gone = outcomes.every(isSurelyGone);
    const isLast = !this.#underway.has(watch);
    const ended =
      gone || isLast
        ? await background.persist(async () => {
            await watch.recorded();
            return gone ? procMeshes.finishStop(id, owner, new Date()) : procMeshes.revertStop(id, owner);
          }, `the end of proc mesh ${id} could not be recorded`)
        : undefined;
    // Whoever joined the stop may have recorded its end.
    const record = ended?.ok ? ended.value : ((await procMeshes.get(id)) ?? watch.record);
    if (ended?.ok) {
      if (record.endedAt !== null) await live.end(record);
      else watch.update(record);
      await this.#audit(actor, record, outcomeText(outcomes));
    }
    return this.#answer(record, outcomes, watch);
  }

  async #stopSome(actor: Actor, watch: ProcWatch, terms: StopTerms): Promise<RouteResult<StopProcMeshReply>> {
    const selected = selectRanks(terms, watch.record, watch.procs);
    if (!selected.ok) return selected;
    const { procMeshes, owner } = this.#deps;
    const noted = await procMeshes.noteStop(watch.record.id, owner, stopBy(actor));
    if (noted.ok) watch.update(noted.value);
    const outcomes = await stopWith(watch, actor, terms, selected.value);
    await watch.flush(FLUSH_MS);
    await this.#audit(actor, watch.record, outcomeText(outcomes));
    const record = (await procMeshes.get(watch.record.id)) ?? watch.record;
    return this.#answer(record, outcomes, watch);
  }

  #leave(watch: ProcWatch): void {
    const left = (this.#underway.get(watch) ?? 1) - 1;
    if (left > 0) this.#underway.set(watch, left);
    else this.#underway.delete(watch);
  }

  #audit(actor: Actor, { id, name }: ProcMeshRecord, outcome: string): Promise<void> {
    return this.#deps.audit.record(actor, 'proc_mesh.stop', `${name} ${id}`, outcome);
  }

  async #answer(
    record: ProcMeshRecord,
    outcomes: readonly ProcStopOutcome[],
    watch?: ProcWatch,
  ): Promise<RouteResult<StopProcMeshReply>> {
    const left = outcomes.filter((outcome) => !isSurelyGone(outcome));
    const procOf = (rank: number) => watch?.procs[rank];
    if (left.length === 0) {
      const procMesh = await this.#deps.reader.viewOf(record);
      return ok({
        procMesh,
        outcomes: outcomes.map((outcome) => outcomeView(outcome, procOf(outcome.rank))),
      });
    }
    const next =
      record.endedAt === null
        ? 'try again, or look at their hosts'
        : 'their hosts are asked once more when they come back';
    const message = `${formatCount(left.length)} of ${countOf(outcomes.length, 'proc')} ${oneOrMany(left.length, 'is', 'are')} not known to have ended: ${next}.`;
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

  /** Why nobody here can stop it. */
  async #notHere({ id, name, meshId }: ProcMeshRecord) {
    const { meshes, procMeshes } = this.#deps;
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
}

function stopWith(
  watch: ProcWatch,
  actor: Actor,
  { stepMs, timeoutMs }: StopTerms,
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

const stopBy = ({ name }: Actor): ProcMeshStopRecord => ({ how: 'requested', by: name });

const hasEnded = ({ name, state }: ProcMeshRecord) =>
  refuse('proc_mesh_ended', `Proc mesh ${name} has ended: ${state.replace('_', ' ')}.`);

function outcomeText(outcomes: readonly ProcStopOutcome[]): string {
  const left = outcomes.filter((outcome) => !isSurelyGone(outcome)).length;
  return left === 0
    ? `${countOf(outcomes.length, 'proc')} ended`
    : `${formatCount(left)} of ${countOf(outcomes.length, 'proc')} did not end`;
}
