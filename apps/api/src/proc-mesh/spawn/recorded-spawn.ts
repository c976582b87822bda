import type { ProcMeshes, ProcMeshRecord, SpawnEnding } from '@hostmesh/db';
import type { HostMesh, KnownEnds, ProcStopOutcome, SpawnFault, SpawnPlan } from '@hostmesh/host-mesh';
import type { FastifyBaseLogger } from 'fastify';
import { failureOf } from '../../proc/proc-forms.ts';
import type { Background } from '../../persist/background.ts';
import type { LiveProcMeshes } from '../live/live-proc-meshes.ts';
import type { ProcWatch } from '../live/proc-watch.ts';

export interface RecordedSpawnDeps {
  readonly live: LiveProcMeshes;
  readonly background: Background;
  readonly procMeshes: ProcMeshes;
  /** Whose lease host meshes are under. */
  readonly owner: string;
  readonly log: FastifyBaseLogger;
  /** How long a database that does not answer is waited for once the hosts have. */
  readonly recordLimitMs: number;
}

/** Why a spawn is ended early. The first reason wins. */
export type SpawnEndReason = 'stopped' | 'mesh_ended' | 'shutting_down';

/**
 * How a spawn ended here.
 * - `ended`: the row says how
 * - `unrecorded`: the database does not answer; the row follows, or the next start settles it
 */
export interface RecordedSpawnVerdict {
  readonly kind: 'ended' | 'unrecorded';
  readonly record: ProcMeshRecord;
  /** What of it was stopped again. */
  readonly rollback: readonly ProcStopOutcome[];
  readonly reason: SpawnEndReason | null;
}

/** One spawn, from the first byte to its record. Nothing of it belongs to the request that asked for it. */
export class RecordedSpawn {
  readonly verdict: Promise<RecordedSpawnVerdict>;
  readonly meshId: string;
  readonly #deps: RecordedSpawnDeps;
  readonly #watch: ProcWatch;
  readonly #end = new AbortController();
  #reason: SpawnEndReason | null = null;

  constructor(mesh: HostMesh, plan: SpawnPlan, watch: ProcWatch, deps: RecordedSpawnDeps) {
    this.#deps = deps;
    this.#watch = watch;
    this.meshId = watch.record.meshId;
    this.verdict = this.#run(mesh, plan);
  }

  get id(): string {
    return this.#watch.record.id;
  }

  /** Ends it early: what was started is stopped. */
  end(reason: SpawnEndReason): void {
    this.#reason ??= reason;
    this.#end.abort();
  }

  async #run(mesh: HostMesh, plan: SpawnPlan): Promise<RecordedSpawnVerdict> {
    const watch = this.#watch;
    const { log, recordLimitMs } = this.#deps;
    const startedAt = Date.now();
    watch.update(watch.record);
    const spawned = await mesh.spawn(plan, { ...watch.listeners, signal: this.#end.signal });
    if (spawned.ok) watch.attach(spawned.value);
    const rollback = spawned.ok ? [] : spawned.fault.rollback;
    log.info({
      event: 'spawn',
      procMeshId: this.id,
      meshId: this.meshId,
      outcome: spawned.ok ? 'running' : spawned.fault.code,
      reason: this.#reason ?? undefined,
      procs: plan.procs.length,
      durationMs: Date.now() - startedAt,
    });
    const ending: SpawnEnding = spawned.ok
      ? { state: 'running', readyAt: new Date() }
      : this.#failed(spawned.fault);
    const flushed = await watch.flush(recordLimitMs);
    const recording = this.#record(ending);
    // The verdict does not wait for this when the database is away for long.
    recording.catch((err: unknown) =>
      log.error({ err, procMeshId: this.id }, 'the end of a spawn could not be read'),
    );
    const record = flushed.ok || flushed.fault.code === 'lease_lost' ? await recording : null;
    const reason = this.#reason;
    if (record !== null) return { kind: 'ended', record, rollback, reason };
    return { kind: 'unrecorded', record: { ...watch.record, ...localEnd(ending) }, rollback, reason };
  }

  /** The row with its end; null when another replica has taken it over, or we stop before the database answers. */
  async #record(ending: SpawnEnding): Promise<ProcMeshRecord | null> {
    const { live, background, procMeshes, owner } = this.#deps;
    const ended = await background.persist(
      () => procMeshes.finishSpawn(this.id, owner, ending),
      `the end of spawn ${this.id} could not be recorded`,
    );
    if (ended === undefined) return null;
    const record = ended.ok ? ended.value : await procMeshes.get(this.id);
    if (record === undefined) return null;
    if (record.state === 'running' || record.residueCount > 0) this.#watch.update(record);
    else await live.end(record);
    return record;
  }

  #failed(fault: SpawnFault): SpawnEnding {
    // What may be left is looked after until it is known to be gone.
    if (fault.remains !== null) this.#watch.attach(fault.remains);
    const failures = fault.failures.flatMap(({ rank, message, observation }) => {
      const proc = this.#watch.procs[rank];
      if (proc === undefined) return [];
      const { ends, report, status } = observation;
      // As it was when the spawn failed; by now it has been stopped like the others. What a run wrote is told at its end.
      return [
        {
          ...failureOf(proc),
          status: status.kind,
          statusText: message,
          startFault: report?.startFault ?? null,
          exitCode: ends.last?.exitCode ?? null,
          signal: ends.last?.signal ?? null,
          stderrTail: [...(lastWords(ends) ?? proc.stderrTail)],
        },
      ];
    });
    return { state: 'spawn_failed', endedAt: new Date(), failures, residueCount: fault.residue };
  }
}

/** Of the last run that wrote any and had ended; undefined when there is none. */
const lastWords = ({ last, former }: KnownEnds): readonly string[] | undefined =>
  [last?.stderrTail, former?.stderrTail].find((lines = []) => lines.length > 0);

const localEnd = (ending: SpawnEnding): Partial<ProcMeshRecord> =>
  ending.state === 'running'
    ? ending
    : {
        state: ending.state,
        endedAt: ending.endedAt,
        failures: [...ending.failures].slice(0, 100),
        failureCount: ending.failures.length,
        residueCount: ending.residueCount,
      };
