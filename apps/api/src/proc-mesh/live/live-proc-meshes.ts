import { numRanks } from '@hostmesh/core';
import type { ProcMeshRecord, ProcRecord } from '@hostmesh/db';
import { isSurelyGone, type HostMesh, type ProcMesh } from '@hostmesh/host-mesh';
import type { FastifyBaseLogger } from 'fastify';
import { failureOf, procView } from '../../proc/proc-view.ts';
import { knownProc } from '../../proc/proc-row.ts';
import { persist } from '../../persist/persist.ts';
import { collectBatches } from '../../async/batches.ts';
import { ProcWatch, type ProcWatchDeps } from './proc-watch.ts';
import { storedRequest } from '../../proc/stored-request.ts';
import { procMeshIdOf, procMeshView } from '../../proc/proc-mesh-view.ts';

export interface LiveProcMeshesDeps extends Omit<ProcWatchDeps, 'onError' | 'onAllEnded' | 'onLost'> {
  readonly log: FastifyBaseLogger;
}

/** How long the last transitions of a proc mesh may take to be stored when we let go of it. */
const FLUSH_MS = 2000;
/** Rows per event, as the feed has them. */
const ROWS_PER_EVENT = 500;
const INTERRUPTED = 'interrupted: the API stopped while it was being spawned';

/** The live proc meshes of the host meshes that this replica looks after. */
export class LiveProcMeshes {
  readonly #deps: LiveProcMeshesDeps;
  readonly #watches = new Map<string, ProcWatch>();
  readonly #background = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(deps: LiveProcMeshesDeps) {
    this.#deps = deps;
  }

  get(id: string): ProcWatch | undefined {
    return this.#watches.get(id);
  }

  /** How many live proc meshes there are here. */
  get size(): number {
    return this.#watches.size;
  }

  ofMesh(meshId: string): readonly ProcWatch[] {
    return [...this.#watches.values()].filter(({ record }) => record.meshId === meshId);
  }

  /** Begins to listen to a proc mesh; `procs` are all of it as stored. */
  open(record: ProcMeshRecord, procs: readonly ProcRecord[]): ProcWatch {
    const { log } = this.#deps;
    const watch = new ProcWatch(record, procs, {
      ...this.#deps,
      onError: (err, procMeshId, dropped) =>
        log.error({ err, procMeshId, dropped }, 'what was heard of procs could not be recorded'),
      onAllEnded: (id) => this.run(`proc mesh ${id} could not be ended`, () => this.#finish(id)),
      onLost: (id) => this.run(`proc mesh ${id} could not be let go of`, () => this.release(id)),
    });
    this.#watches.set(record.id, watch);
    return watch;
  }

  /**
   * Takes up the live proc meshes of a host mesh that this replica has just begun to look after. Nothing is started
   * and no proc is lost: the database says what there was, the hosts say what there is. A spawn that was under way is
   * rolled back, a stop that was is carried out, and what may be left of a failed spawn is stopped.
   */
  async resume(meshId: string, mesh: HostMesh): Promise<void> {
    for (const record of await this.#deps.procMeshes.listLive(meshId)) {
      const rows = await collectBatches(this.#deps.procs.read(record.id));
      // It may have been let go of meanwhile.
      if (mesh.ended) return;
      const watch = this.open(record, rows);
      const engine = mesh.resumeProcs(resumable(record, watch.procs), watch.listeners);
      watch.attach(engine);
      this.#deps.onEnds(watch.procs.filter(({ logEnded, generation }) => !logEnded && generation > 0));
      if (record.state === 'spawning') {
        this.run(`spawn ${record.id} could not be rolled back`, () => this.#rollBack(watch, engine));
      }
      if (record.state === 'spawn_failed') {
        const causeText = 'its spawn failed while its host could not be reached';
        this.run(`what is left of ${record.id} could not be stopped`, async () => {
          await engine.stop({ cause: 'rolled_back', causeText });
        });
      }
      if (record.state === 'stopping') {
        this.run(`stop of ${record.id} could not be carried out`, () => this.#stopAgain(watch, engine));
      }
    }
  }

  /** Lets go of a proc mesh, and tells its hosts nothing. */
  async release(id: string): Promise<void> {
    const watch = this.#watches.get(id);
    this.#watches.delete(id);
    await watch?.stop(FLUSH_MS);
  }

  /** Lets go of all proc meshes of a host mesh. */
  async releaseMesh(meshId: string): Promise<void> {
    await Promise.all(this.ofMesh(meshId).map(({ record }) => this.release(record.id)));
  }

  /** Takes note of what the proc meshes of a host mesh have become in the database. */
  async refreshMesh(meshId: string): Promise<void> {
    for (const watch of this.ofMesh(meshId)) {
      const record = await this.#deps.procMeshes.get(watch.record.id);
      if (record !== undefined) watch.update(record);
    }
  }

  /** Records what was heard of the proc meshes of a host mesh, as far as that can be done in time. */
  async flushMesh(meshId: string): Promise<void> {
    await Promise.all(this.ofMesh(meshId).map((watch) => watch.flush(FLUSH_MS)));
  }

  /** Lets go of the proc meshes of a host mesh that has ended, and tells listeners what the database says of them. */
  async endMesh(meshId: string): Promise<void> {
    const ids = this.ofMesh(meshId).map(({ record }) => record.id);
    await this.releaseMesh(meshId);
    for (const id of ids) await this.tell(id);
  }

  /** Lets go of a proc mesh that has ended in the database, and tells listeners. */
  async end(record: ProcMeshRecord): Promise<void> {
    this.get(record.id)?.update(record);
    await this.release(record.id);
  }

  /** Tells listeners of a proc mesh and all its procs as the database has them. */
  async tell(id: string): Promise<void> {
    const { procMeshes, procs, publish } = this.#deps;
    const record = await procMeshes.get(id);
    if (record === undefined) return;
    const rows = await collectBatches(procs.read(id));
    for (let start = 0; start < rows.length; start += ROWS_PER_EVENT) {
      const some = rows.slice(start, start + ROWS_PER_EVENT).map(procView);
      publish({ type: 'proc_mesh.procs_changed', procMeshId: id, procs: some });
    }
    const groups = await procs.failureGroups([id]);
    publish({ type: 'proc_mesh.changed', procMesh: procMeshView(record, groups.get(id) ?? []) });
  }

  /** Does a write until it succeeds, or we stop. */
  persist<T>(write: () => Promise<T>, failure: string): Promise<T | undefined> {
    return persist(write, this.#stop.signal, (err) => this.#deps.log.error({ err }, failure));
  }

  /** Work that nobody waits for but `stop`. */
  run(failure: string, work: () => Promise<void>): void {
    const running = work()
      .catch((err: unknown) => this.#deps.log.error({ err }, failure))
      .finally(() => this.#background.delete(running));
    this.#background.add(running);
  }

  /** Lets go of everything; procs go on, and the next start takes them up. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#watches.keys()].map((id) => this.release(id)));
    await Promise.all(this.#background);
  }

  /** Ends a proc mesh whose procs have all ended by themselves, or takes note that nothing is left of a failed spawn. */
  async #finish(id: string): Promise<void> {
    const watch = this.get(id);
    for (;;) {
      if (watch === undefined || this.get(id) !== watch || this.#stop.signal.aborted) return;
      const flushed = await watch.flush(FLUSH_MS);
      if (flushed.ok) break;
      if (flushed.fault.code === 'lease_lost') return;
    }
    const { procMeshes, owner } = this.#deps;
    const failure = `the end of proc mesh ${id} could not be recorded`;
    const isFailed = watch.record.state === 'spawn_failed';
    const ended = await this.persist(
      () => (isFailed ? procMeshes.clearResidue(id, owner) : procMeshes.finishStop(id, owner, new Date())),
      failure,
    );
    if (ended?.ok) await this.end(ended.value);
  }

  async #rollBack(watch: ProcWatch, engine: ProcMesh): Promise<void> {
    const { procMeshes, owner, log } = this.#deps;
    const { id } = watch.record;
    log.warn(
      { event: 'spawn_interrupted', procMeshId: id },
      `spawn ${id} was interrupted; it is rolled back`,
    );
    const causeText = 'the API stopped while it was being spawned';
    const outcomes = await engine.stop({ cause: 'rolled_back', causeText });
    // Stopped ourselves: the next start asks again.
    if (this.#stop.signal.aborted) return;
    await watch.flush(FLUSH_MS);
    const failures = watch.procs.map((proc) => ({ ...failureOf(proc), statusText: INTERRUPTED }));
    const ending = {
      state: 'spawn_failed' as const,
      endedAt: new Date(),
      failures,
      residueCount: outcomes.filter((outcome) => !isSurelyGone(outcome)).length,
    };
    const ended = await this.persist(
      () => procMeshes.finishSpawn(id, owner, ending),
      `the end of spawn ${id} could not be recorded`,
    );
    if (!ended?.ok) return;
    if (ended.value.residueCount === 0) await this.end(ended.value);
    else watch.update(ended.value);
  }

  async #stopAgain(watch: ProcWatch, engine: ProcMesh): Promise<void> {
    const { procMeshes, owner } = this.#deps;
    const { id } = watch.record;
    const outcomes = await engine.stop({ causeText: 'a stop that the API was in the middle of' });
    if (this.#stop.signal.aborted) return;
    await watch.flush(FLUSH_MS);
    const ended = await this.persist(
      () =>
        outcomes.every(isSurelyGone)
          ? procMeshes.finishStop(id, owner, new Date())
          : procMeshes.revertStop(id, owner),
      `the end of proc mesh ${id} could not be recorded`,
    );
    if (!ended?.ok) return;
    if (ended.value.state === 'stopped') await this.end(ended.value);
    else watch.update(ended.value);
  }
}

/** A proc mesh as it was recorded, for the engine to go on with. */
function resumable(record: ProcMeshRecord, procs: readonly ProcRecord[]) {
  const request = storedRequest(record.request);
  return {
    id: procMeshIdOf(record.id),
    name: record.name,
    extent: record.extent,
    slotsPerHost: numRanks(record.perHost),
    ttlMs: request.ttlMs,
    restartLimit: request.restart.limit,
    repairs: record.repairs,
    procs: procs.map(knownProc),
  };
}
