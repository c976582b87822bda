import type { ApiEvent, ProcMeshView } from '@hostmesh/contract';
import { troubleOf } from '@hostmesh/core';
import type { ProcMeshes, ProcMeshRecord, ProcRecord, Procs, ProcTransitionRow } from '@hostmesh/db';
import type { ProcListeners, ProcMesh, ProcChange } from '@hostmesh/host-mesh';
import { ChangeFeed } from '../../events/change-feed.ts';
import { BatchWriter } from '../../persist/batch-writer.ts';
import {
  changedProc,
  countEnds,
  countProcs,
  procFailureGroups,
  procView,
  transitionRow,
} from '../../proc/proc-forms.ts';
import { repeat, type Repeating } from '../../async/repeat.ts';
import { procMeshView } from '../../proc/proc-mesh-view.ts';

export interface ProcWatchDeps {
  readonly procMeshes: ProcMeshes;
  readonly procs: Procs;
  /** Whose lease the host mesh is under. */
  readonly owner: string;
  readonly publish: (event: ApiEvent) => void;
  readonly onError: (error: unknown, procMeshId: string, dropped: number) => void;
  /** Procs that have just ended, for a while or for good. */
  readonly onEnds: (procs: readonly ProcRecord[]) => void;
  /** Every proc has ended for good, or nothing is left of a spawn that failed; told once. */
  readonly onAllEnded: (procMeshId: string) => void;
  /** Somebody else looks after it now, or its host mesh has ended. */
  readonly onLost: (procMeshId: string) => void;
}

const REFRESH_MS = 5000;
/** How long the last transitions may take to be stored before that is tried anew. */
const RECORDED_WITHIN_MS = 2000;
/** How far the stored `lastHeardAt` of a proc that is well may lag behind. */
const STORE_HEARD_MS = 60_000;

/** Listens to one proc mesh: records every transition in batches, and tells of what changes. */
export class ProcWatch {
  /** What the engine tells of its procs comes in here. */
  readonly listeners: ProcListeners = {
    onTransitions: (transitions) => this.#apply(transitions),
  };
  readonly #deps: ProcWatchDeps;
  readonly #procs: ProcRecord[];
  readonly #writer: BatchWriter<ProcTransitionRow>;
  readonly #feed: ChangeFeed<ProcRecord>;
  readonly #refreshing: Repeating;
  #record: ProcMeshRecord;
  #engine: ProcMesh | null = null;
  #allEnded = false;
  /** By host rank, when its procs were last stored as heard. */
  readonly #storedHeard = new Map<number, number>();
  #repairs: number;

  /** `procs` are all of the mesh as stored, in rank order. */
  constructor(record: ProcMeshRecord, procs: readonly ProcRecord[], deps: ProcWatchDeps) {
    this.#deps = deps;
    this.#record = record;
    this.#procs = [...procs];
    this.#repairs = record.repairs;
    this.#writer = new BatchWriter({
      save: (rows) => deps.procs.record(record.id, deps.owner, rows),
      onLost: () => deps.onLost(record.id),
      onError: (error, dropped) => deps.onError(error, record.id, dropped.length),
    });
    this.#feed = new ChangeFeed({
      publish: deps.publish,
      rowsChanged: (changed) => ({
        type: 'proc_mesh.procs_changed',
        procMeshId: record.id,
        procs: changed.map(procView),
      }),
      wholeChanged: () => ({ type: 'proc_mesh.changed', procMesh: this.view() }),
    });
    this.#refreshing = repeat(
      REFRESH_MS,
      () => this.#refresh(),
      (error) => deps.onError(error, record.id, 0),
    );
  }

  get record(): ProcMeshRecord {
    return this.#record;
  }

  /** Every proc as last heard, in rank order. */
  get procs(): readonly ProcRecord[] {
    return this.#procs;
  }

  /** Null while it is being spawned. */
  get engine(): ProcMesh | null {
    return this.#engine;
  }

  /** The proc mesh with its procs as of now: ahead of what is stored, never behind. */
  view(): ProcMeshView {
    const counts = countProcs(this.#procs);
    const { seen } = this.#record;
    // As the database does: what has got well and fails again has not been seen.
    if (seen !== null && this.#record.endedAt === null)
      this.#record = {
        ...this.#record,
        seen: { ...seen, trouble: Math.min(seen.trouble, troubleOf(counts)) },
      };
    const record = {
      ...this.#record,
      counts,
      ends: countEnds(this.#procs),
      repairs: this.#repairsNow(),
    };
    return procMeshView(record, procFailureGroups(this.#procs));
  }

  /** The engine's procs are known from now on. */
  attach(engine: ProcMesh): void {
    this.#engine = engine;
    this.#lookForEnd();
  }

  /** Takes note of what the proc mesh has become, and tells of it. */
  update(record: ProcMeshRecord): void {
    this.#record = record;
    this.#feed.flush();
    this.#lookForEnd();
  }

  /** Resolves when all that was heard is recorded, or cannot be within `limitMs`. */
  flush(limitMs: number): ReturnType<BatchWriter<ProcTransitionRow>['flush']> {
    return this.#writer.flush(limitMs);
  }

  /** As `flush`, for whoever records an end: that is judged by the rows. Rejects where they are not there yet. */
  async recorded(): Promise<void> {
    const flushed = await this.#writer.flush(RECORDED_WITHIN_MS);
    // Without the lease nothing more can be recorded here, and no end either.
    if (!flushed.ok && flushed.fault.code !== 'lease_lost') throw new Error(flushed.fault.message);
  }

  /** Resolves when what has been heard by now is recorded, or cannot be within `limitMs`. */
  catchUp(limitMs: number): ReturnType<BatchWriter<ProcTransitionRow>['catchUp']> {
    return this.#writer.catchUp(limitMs);
  }

  /** Lets go of the procs, and tells their hosts nothing. What was heard is recorded first, if that can be done. */
  async stop(flushMs: number): Promise<void> {
    this.#engine?.close();
    this.#feed.stop();
    await this.#refreshing.stop();
    await this.#writer.flush(flushMs);
    this.#writer.stop();
  }

  #apply(transitions: readonly ProcChange[]): void {
    const rows = transitions.map(transitionRow);
    const changed = new Map<number, ProcRecord>();
    for (const row of rows) {
      const proc = this.#procs[row.rank];
      if (proc === undefined) continue;
      const next = changedProc(proc, row);
      this.#procs[row.rank] = next;
      changed.set(row.rank, next);
    }
    this.#writer.add(rows);
    this.#feed.add([...changed.values()]);
    const ended = [...changed.values()].filter(({ status }) => status === 'Stopped' || status === 'Failed');
    if (ended.length > 0) this.#deps.onEnds(ended);
    this.#lookForEnd();
  }

  #lookForEnd(): void {
    const { state, residueCount } = this.#record;
    const isAwaited = state === 'running' || (state === 'spawn_failed' && residueCount > 0);
    if (this.#allEnded || !isAwaited || !this.#procs.every((proc) => isOver(proc, state))) return;
    this.#allEnded = true;
    this.#deps.onAllEnded(this.#record.id);
  }

  #repairsNow(): number {
    return Math.max(this.#repairs, this.#engine?.repairs ?? 0);
  }

  /** Of procs whose status stays as it is only `lastHeardAt` moves on; it is stored now and then. */
  async #refresh(): Promise<void> {
    const engine = this.#engine;
    if (engine === null) return;
    const { id } = this.#record;
    const { procMeshes, procs, owner } = this.#deps;
    const repairs = this.#repairsNow();
    if (repairs > this.#repairs) {
      const added = await procMeshes.addRepairs(id, owner, repairs - this.#repairs);
      if (added.ok) this.#repairs = repairs;
    }
    const stale = new Map<number, number>();
    for (const { rank, hostRank, lastHeardAt } of engine.procs()) {
      const proc = this.#procs[rank];
      if (proc === undefined || lastHeardAt === null || proc.end !== null || proc.status === 'Unknown')
        continue;
      this.#procs[rank] = { ...proc, lastHeardAt: new Date(lastHeardAt) };
      const storedAt = this.#storedHeard.get(hostRank) ?? 0;
      if (lastHeardAt - storedAt >= STORE_HEARD_MS) {
        stale.set(hostRank, Math.min(lastHeardAt, stale.get(hostRank) ?? lastHeardAt));
      }
    }
    if (stale.size === 0) return;
    for (const [hostRank, heardAt] of stale) this.#storedHeard.set(hostRank, heardAt);
    const earliest = [...stale.values()].reduce((a, b) => Math.min(a, b));
    await procs.touchHeard(id, owner, [...stale.keys()], new Date(earliest));
  }
}

/** After a failed spawn a proc that was never started is over, and one that was not ready in time may still run. */
const isOver = (proc: ProcRecord, state: ProcMeshRecord['state']): boolean =>
  state === 'spawn_failed' ? proc.status === 'NotExist' || proc.end !== null : proc.end !== null;
