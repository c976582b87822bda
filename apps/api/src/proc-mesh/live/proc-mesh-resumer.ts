import { numRanks } from '@hostmesh/core';
import type { ProcMeshes, ProcMeshRecord, ProcRecord, Procs } from '@hostmesh/db';
import { isSurelyGone, type HostMesh, type ProcMesh } from '@hostmesh/host-mesh';
import type { FastifyBaseLogger } from 'fastify';
import { collectBatches } from '../../async/batches.ts';
import type { Background } from '../../persist/background.ts';
import { procMeshIdOf } from '../../proc/proc-mesh-view.ts';
import { failureOf, knownProc } from '../../proc/proc-forms.ts';
import { storedRequest } from '../../proc/stored-request.ts';
import type { LiveProcMeshes } from './live-proc-meshes.ts';
import type { ProcWatch } from './proc-watch.ts';

export interface ProcMeshResumerDeps {
  readonly live: LiveProcMeshes;
  readonly procMeshes: ProcMeshes;
  readonly procs: Procs;
  /** Whose lease host meshes are under. */
  readonly owner: string;
  readonly background: Background;
  readonly log: FastifyBaseLogger;
}

/** How long the last transitions of a proc mesh may take to be stored before its end is. */
const FLUSH_MS = 2000;
const INTERRUPTED = 'interrupted: the API stopped while it was being spawned';

/** Takes up proc meshes that a former life of this replica, or another one, looked after. */
export class ProcMeshResumer {
  readonly #deps: ProcMeshResumerDeps;

  constructor(deps: ProcMeshResumerDeps) {
    this.#deps = deps;
  }

  /**
   * Takes up the live proc meshes of a host mesh that this replica has just begun to look after. Nothing is started
   * and no proc is lost: the database says what there was, the hosts say what there is. A spawn that was under way is
   * rolled back, a stop that was is carried out, and what may be left of a failed spawn is stopped.
   */
  async resume(meshId: string, mesh: HostMesh): Promise<void> {
    const { live, procMeshes, procs } = this.#deps;
    for (const record of await procMeshes.listLive(meshId)) {
      const rows = await collectBatches(procs.read(record.id));
      // It may have been let go of meanwhile.
      if (mesh.ended) return;
      const watch = live.open(record, rows);
      const engine = mesh.resumeProcs(resumable(record, watch.procs), watch.listeners);
      watch.attach(engine);
      live.tellEnds(watch.procs.filter(({ logEnded, generation }) => !logEnded && generation > 0));
      this.#goOn(watch, engine);
    }
  }

  /** Goes on, in the background, with what the state of the record says was under way. */
  #goOn(watch: ProcWatch, engine: ProcMesh): void {
    const { background } = this.#deps;
    const { id, state } = watch.record;
    if (state === 'spawning') {
      background.run(`spawn ${id} could not be rolled back`, () => this.#rollBack(watch, engine));
    }
    if (state === 'spawn_failed') {
      const causeText = 'its spawn failed while its host could not be reached';
      background.run(`what is left of ${id} could not be stopped`, async () => {
        await engine.stop({ cause: 'rolled_back', causeText });
      });
    }
    if (state === 'stopping') {
      background.run(`stop of ${id} could not be carried out`, () => this.#stopAgain(watch, engine));
    }
  }

  async #rollBack(watch: ProcWatch, engine: ProcMesh): Promise<void> {
    const { live, procMeshes, owner, background, log } = this.#deps;
    const { id } = watch.record;
    log.warn(
      { event: 'spawn_interrupted', procMeshId: id },
      `spawn ${id} was interrupted; it is rolled back`,
    );
    const causeText = 'the API stopped while it was being spawned';
    const outcomes = await engine.stop({ cause: 'rolled_back', causeText });
    // Stopped ourselves: the next start asks again.
    if (background.stopping.aborted) return;
    await watch.flush(FLUSH_MS);
    const failures = watch.procs.map((proc) => ({ ...failureOf(proc), statusText: INTERRUPTED }));
    const ending = {
      state: 'spawn_failed' as const,
      endedAt: new Date(),
      failures,
      residueCount: outcomes.filter((outcome) => !isSurelyGone(outcome)).length,
    };
    const ended = await background.persist(
      () => procMeshes.finishSpawn(id, owner, ending),
      `the end of spawn ${id} could not be recorded`,
    );
    if (!ended?.ok) return;
    if (ended.value.residueCount === 0) await live.end(ended.value);
    else watch.update(ended.value);
  }

  async #stopAgain(watch: ProcWatch, engine: ProcMesh): Promise<void> {
    const { live, procMeshes, owner, background } = this.#deps;
    const { id } = watch.record;
    const outcomes = await engine.stop({ causeText: 'a stop that the API was in the middle of' });
    if (background.stopping.aborted) return;
    const ended = await background.persist(async () => {
      await watch.recorded();
      return outcomes.every(isSurelyGone)
        ? procMeshes.finishStop(id, owner, new Date())
        : procMeshes.revertStop(id, owner);
    }, `the end of proc mesh ${id} could not be recorded`);
    if (!ended?.ok) return;
    if (ended.value.endedAt !== null) await live.end(ended.value);
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
