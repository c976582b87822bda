import type { ProcMeshRecord, ProcRecord } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import { collectBatches } from '../../async/batches.ts';
import type { Background } from '../../persist/background.ts';
import { procMeshView } from '../../proc/proc-mesh-view.ts';
import { procView } from '../../proc/proc-forms.ts';
import { ProcWatch, type ProcWatchDeps } from './proc-watch.ts';

export interface LiveProcMeshesDeps extends Pick<
  ProcWatchDeps,
  'procMeshes' | 'procs' | 'owner' | 'publish'
> {
  /** Where everything about proc meshes goes on that no request waits for; ends with this. */
  readonly background: Background;
  readonly log: FastifyBaseLogger;
}

/** How long the last transitions of a proc mesh may take to be stored when we let go of it. */
const FLUSH_MS = 2000;
/** Rows per event, as the feed has them. */
const ROWS_PER_EVENT = 500;

type EndsListener = (procs: readonly ProcRecord[]) => void;

/** The live proc meshes of the host meshes that this replica looks after, by id. */
export class LiveProcMeshes {
  readonly #deps: LiveProcMeshesDeps;
  readonly #watches = new Map<string, ProcWatch>();
  readonly #endsListeners = new Set<EndsListener>();

  constructor(deps: LiveProcMeshesDeps) {
    this.#deps = deps;
  }

  get(id: string): ProcWatch | undefined {
    return this.#watches.get(id);
  }

  /** Calls the listener with procs that have just ended, for a while or for good. */
  onEnds(listener: EndsListener): void {
    this.#endsListeners.add(listener);
  }

  /** Begins to listen to a proc mesh; `procs` are all of it as stored. */
  open(record: ProcMeshRecord, procs: readonly ProcRecord[]): ProcWatch {
    const { procMeshes, procs: stored, owner, publish, background, log } = this.#deps;
    const watch = new ProcWatch(record, procs, {
      procMeshes,
      procs: stored,
      owner,
      publish,
      onError: (err, procMeshId, dropped) =>
        log.error({ err, procMeshId, dropped }, 'what was heard of procs could not be recorded'),
      onEnds: (ended) => this.tellEnds(ended),
      onAllEnded: (id) => background.run(`proc mesh ${id} could not be ended`, () => this.#finish(id)),
      onLost: (id) => background.run(`proc mesh ${id} could not be let go of`, () => this.release(id)),
    });
    this.#watches.set(record.id, watch);
    return watch;
  }

  /** Tells the listeners of procs that have ended. */
  tellEnds(procs: readonly ProcRecord[]): void {
    for (const listener of this.#endsListeners) listener(procs);
  }

  /** Lets go of a proc mesh, and tells its hosts nothing. */
  async release(id: string): Promise<void> {
    const watch = this.#watches.get(id);
    this.#watches.delete(id);
    await watch?.stop(FLUSH_MS);
  }

  /** Lets go of all proc meshes of a host mesh. */
  async releaseMesh(meshId: string): Promise<void> {
    await Promise.all(this.#ofMesh(meshId).map(({ record }) => this.release(record.id)));
  }

  /** Takes note of what the proc meshes of a host mesh have become in the database. */
  async refreshMesh(meshId: string): Promise<void> {
    for (const watch of this.#ofMesh(meshId)) {
      const record = await this.#deps.procMeshes.get(watch.record.id);
      if (record !== undefined) watch.update(record);
    }
  }

  /** Records what was heard of the proc meshes of a host mesh, as far as that can be done in time. */
  async flushMesh(meshId: string): Promise<void> {
    await Promise.all(this.#ofMesh(meshId).map((watch) => watch.flush(FLUSH_MS)));
  }

  /** Lets go of the proc meshes of a host mesh that has ended, and tells listeners what the database says of them. */
  async endMesh(meshId: string): Promise<void> {
    const ids = this.#ofMesh(meshId).map(({ record }) => record.id);
    await this.releaseMesh(meshId);
    for (const id of ids) await this.#tell(id);
  }

  /** Lets go of a proc mesh that has ended in the database, and tells listeners. */
  async end(record: ProcMeshRecord): Promise<void> {
    this.get(record.id)?.update(record);
    await this.release(record.id);
  }

  /** Lets go of everything and ends the background work; procs go on, and the next start takes them up. */
  async stop(): Promise<void> {
    const ended = this.#deps.background.stop();
    await Promise.all([...this.#watches.keys()].map((id) => this.release(id)));
    await ended;
  }

  /** Procs of a host mesh that have not ended on a host, as far as is known. */
  unendedOn(meshId: string, hostRank: number): readonly ProcRecord[] {
    return this.#ofMesh(meshId)
      .flatMap(({ procs }) => procs)
      .filter((proc) => proc.hostRank === hostRank && proc.end === null && proc.status !== 'NotExist');
  }

  #ofMesh(meshId: string): readonly ProcWatch[] {
    return [...this.#watches.values()].filter(({ record }) => record.meshId === meshId);
  }

  /** Tells listeners of a proc mesh and all its procs as the database has them. */
  async #tell(id: string): Promise<void> {
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

  /** Ends a proc mesh whose procs have all ended by themselves, or takes note that nothing is left of a failed spawn. */
  async #finish(id: string): Promise<void> {
    const { procMeshes, owner, background } = this.#deps;
    const watch = this.get(id);
    if (watch === undefined) return;
    const failure = `the end of proc mesh ${id} could not be recorded`;
    const isFailed = watch.record.state === 'spawn_failed';
    const ended = await background.persist(async () => {
      if (this.get(id) !== watch) return undefined;
      await watch.recorded();
      return isFailed ? procMeshes.clearResidue(id, owner) : procMeshes.finishStop(id, owner, new Date());
    }, failure);
    if (ended?.ok) await this.end(ended.value);
  }
}
