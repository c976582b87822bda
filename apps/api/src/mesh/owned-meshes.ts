import type { ConfigAttrs } from '@hostmesh/core';
import { resumed, type OwnerLease, type MeshRecord } from '@hostmesh/db';
import { HostMesh, HostMeshRef } from '@hostmesh/host-mesh';
import type { Transport } from '@hostmesh/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { Background } from '../persist/background.ts';
import type { LiveProcMeshes } from '../proc-mesh/live/live-proc-meshes.ts';
import type { ProcMeshResumer } from '../proc-mesh/live/proc-mesh-resumer.ts';
import { collectBatches } from '../async/batches.ts';
import { MeshWatch, type MeshWatchDeps } from './mesh-watch.ts';
import { meshView } from './mesh-view.ts';

export interface OwnedMeshesDeps extends Omit<MeshWatchDeps, 'owner' | 'onLost' | 'onError'> {
  readonly lease: OwnerLease;
  readonly transport: Transport;
  readonly concurrency: number;
  /** The proc meshes on the meshes. */
  readonly procs: LiveProcMeshes;
  readonly resumer: ProcMeshResumer;
  readonly attrsOf: (configDigest: string) => Promise<ConfigAttrs>;
  readonly log: FastifyBaseLogger;
}

/** How long the last observations of a mesh may take to be stored when we let go of it. */
const FLUSH_MS = 2000;

/** Who takes back the end of a mesh that nobody carries out any more. */
const endLost = { ...resumed, why: 'its end was not carried through' };

/** A mesh that we own: `watch` is null until its stored hosts have been read. */
interface Entry {
  readonly mesh: HostMesh;
  watch: MeshWatch | null;
}

/** The attached meshes that this replica looks after, and their connections. */
export class OwnedMeshes {
  readonly #deps: OwnedMeshesDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #background: Background;
  /** Meshes that are being stopped or shut down by `EndMeshService`, or taken up again. */
  readonly #ending = new Set<string>();
  /** Meshes that are ours and were looked after by nobody when we last compared. */
  #unattended = new Set<string>();

  constructor(deps: OwnedMeshesDeps) {
    this.#deps = deps;
    this.#background = new Background(deps.log);
  }

  get(id: string): HostMesh | undefined {
    return this.#entries.get(id)?.mesh;
  }

  watch(id: string): MeshWatch | undefined {
    return this.#entries.get(id)?.watch ?? undefined;
  }

  /** Begins to look after a mesh that was just attached. */
  adopt(id: string, mesh: HostMesh): void {
    const entry: Entry = { mesh, watch: null };
    this.#entries.set(id, entry);
    this.#background.run(`mesh ${id} could not be watched`, async () => {
      await this.#orLetGo(id, entry, async () => {
        const record = await this.#deps.meshes.get(id);
        if (record === undefined) return;
        await this.#startWatch(record, entry);
        entry.watch?.update(record);
      });
    });
  }

  /**
   * Lets go of a mesh that is no longer ours, and says so to listeners. Its hosts are told nothing, unless a later
   * attach took its place: then its procs are ended, since no replica looks after them any more.
   */
  drop(id: string): void {
    // A lost lease is noticed in several places: only the first call has something to let go of.
    if (!this.#entries.has(id)) return;
    this.#background.run(`mesh ${id} could not be let go of`, async () => {
      const mesh = await this.release(id);
      try {
        await this.tell(id);
        const record = await this.#deps.meshes.get(id);
        if (mesh !== undefined && record?.state === 'replaced') await this.#endProcs(id, mesh);
      } finally {
        mesh?.close();
        await this.#deps.procs.endMesh(id);
      }
    });
  }

  /** Ends the procs of a mesh whose place was taken, also where nobody looked after it at that moment. */
  endReplaced(id: string): void {
    if (this.#entries.has(id)) return this.drop(id);
    this.#background.run(`procs of mesh ${id} could not be ended`, async () => {
      const record = await this.#deps.meshes.get(id);
      if (record?.state !== 'replaced') return;
      const mesh = await this.#open(record);
      try {
        await this.#endProcs(id, mesh);
      } finally {
        mesh.close();
      }
    });
  }

  /** Asks every host of a mesh whose place was taken to end its procs, and those once more that did not say so. */
  async #endProcs(id: string, mesh: HostMesh): Promise<void> {
    const { procs, log } = this.#deps;
    // How they stood is for the record alone.
    await procs.refreshMesh(id).catch((err: unknown) => log.warn({ err, meshId: id }, 'procs were not read'));
    const stop = async () => (await mesh.stop()).filter(({ outcome }) => outcome !== 'done');
    let undone = await stop();
    if (undone.length > 0) undone = await stop();
    if (undone.length === 0) return;
    const hosts = undone.map(({ address }) => address);
    log.warn({ meshId: id, hosts }, 'hosts of a replaced mesh did not say that its procs ended');
  }

  /** Stops watching. Resolves with the engine's mesh, still open, which is the caller's from then on. */
  async release(id: string): Promise<HostMesh | undefined> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    await entry?.watch?.stop(FLUSH_MS);
    return entry?.mesh;
  }

  /** Looks after a mesh as the database has it, with connections of its own. */
  async retake(id: string): Promise<void> {
    const former = await this.release(id);
    await this.#deps.procs.releaseMesh(id);
    former?.close();
    const record = await this.#deps.meshes.get(id);
    if (record?.endedAt === null) await this.#resume(record);
    await this.tell(id);
  }

  /** The mesh has another config, or another state: tells of it. */
  async refresh(id: string): Promise<void> {
    const record = await this.#deps.meshes.get(id);
    if (record !== undefined) this.watch(id)?.update(record);
  }

  /** Reads again which hosts of these meshes others have taken over. */
  async reread(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.watch(id)
        ?.readTakenOver()
        // It is read again every few seconds.
        .catch((err: unknown) =>
          this.#deps.log.error({ err, meshId: id }, 'who took hosts could not be read'),
        );
    }
  }

  /** Tells listeners of a mesh as the database has it. */
  async tell(id: string): Promise<void> {
    const record = await this.#deps.meshes.get(id);
    if (record !== undefined) this.#deps.publish({ type: 'mesh.changed', mesh: meshView(record) });
  }

  /** Takes over meshes that nobody watches; `atStart` also those of this instance's former life. */
  async claim(atStart: boolean): Promise<void> {
    const { meshes, lease } = this.#deps;
    for (const record of await meshes.claim({ lease, includeOwn: atStart }, new Date())) {
      // The replica that was stopping it is gone; which hosts had followed shows in their health.
      if (record.state === 'stopping') await meshes.revertEnd(record.id, endLost);
      this.#background.run(`mesh ${record.id} could not be resumed`, () => this.retake(record.id));
    }
  }

  /** Leaves a mesh to a stop or shutdown while that is under way. */
  async whileEnding<T>(id: string, end: () => Promise<T>): Promise<T> {
    this.#ending.add(id);
    try {
      return await end();
    } finally {
      this.#ending.delete(id);
    }
  }

  /**
   * Compares what is looked after with the leases that this replica holds; `ids` are those of before they were read.
   * What is no longer ours is let go of. What is ours and was unattended twice in a row, because a write about it got
   * lost, is taken up again. None of it is waited for.
   */
  reconcile(held: ReadonlySet<string>, ids: readonly string[]): void {
    for (const id of ids) if (!held.has(id)) this.drop(id);
    const unattended = [...held].filter((id) => !this.#entries.has(id) && !this.#ending.has(id));
    for (const id of unattended.filter((each) => this.#unattended.has(each))) {
      const takeUp = async () => {
        await this.#deps.meshes.revertEnd(id, endLost);
        await this.retake(id);
      };
      this.#background.run(`mesh ${id} could not be taken up again`, () => this.whileEnding(id, takeUp));
    }
    this.#unattended = new Set(unattended);
  }

  /** The meshes that are looked after here. */
  get ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Stops all watching and closes all connections; hosts and meshes stay as they are. */
  async stop(): Promise<void> {
    await this.#background.stop();
    await this.#deps.procs.stop();
    await Promise.all(this.ids.map(async (id) => (await this.release(id))?.close()));
  }

  async #open(record: MeshRecord): Promise<HostMesh> {
    const ref = HostMeshRef.parse(record.ref);
    if (!ref.ok) throw new Error(`ref of mesh ${record.id}: ${ref.fault.message}`);
    const { transport, client, concurrency } = this.#deps;
    const attrs = await this.#deps.attrsOf(record.configDigest);
    const rows = await collectBatches(this.#deps.meshes.readHosts(record.id));
    const hostIds = rows.map(({ hostId }) => hostId);
    const options = { transport, owner: client, digest: record.configDigest, attrs, concurrency, hostIds };
    return HostMesh.take(ref.value, options);
  }

  async #resume(record: MeshRecord): Promise<void> {
    const entry: Entry = { mesh: await this.#open(record), watch: null };
    this.#entries.set(record.id, entry);
    await this.#orLetGo(record.id, entry, async () => {
      // Its proc meshes listen when the first host is heard: the hosts tell what happened to procs meanwhile only once.
      await this.#deps.resumer.resume(record.id, entry.mesh);
      await this.#startWatch(record, entry);
    });
  }

  /** What could not be taken up is let go of, so that `reconcile` finds it unattended and tries again. */
  async #orLetGo(id: string, entry: Entry, takeUp: () => Promise<void>): Promise<void> {
    try {
      await takeUp();
    } catch (error) {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
      entry.mesh.close();
      await this.#deps.procs.releaseMesh(id);
      throw error;
    }
  }

  async #startWatch(record: MeshRecord, entry: Entry): Promise<void> {
    const rows = await collectBatches(this.#deps.meshes.readHosts(record.id));
    if (this.#entries.get(record.id) !== entry) return;
    entry.watch = new MeshWatch(record, rows, entry.mesh, {
      ...this.#deps,
      owner: this.#deps.lease.owner,
      onLost: (id) => this.drop(id),
      onError: (err) =>
        this.#deps.log.error({ err, meshId: record.id }, 'what was heard of a mesh could not be recorded'),
    });
  }
}
