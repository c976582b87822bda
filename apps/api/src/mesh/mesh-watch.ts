import type { ApiEvent } from '@hostmesh/contract';
import type { ChangedBy, Meshes, MeshHostRecord, MeshHostRow, MeshRecord, StrayHost } from '@hostmesh/db';
import type { HostMesh, HostMonitor, HostObservation } from '@hostmesh/host-mesh';
import type { Owner } from '@hostmesh/protocol';
import { ChangeFeed } from '../events/change-feed.ts';
import { BatchWriter } from '../persist/batch-writer.ts';
import { repeat, type Repeating } from '../async/repeat.ts';
import { countRows, isLost, observedRow, strayOf } from './host-row.ts';
import { meshHostView, meshView } from './mesh-view.ts';

export interface MeshWatchDeps {
  readonly meshes: Meshes;
  readonly owner: string;
  /** Who we are to the agents. */
  readonly client: Owner;
  readonly publish: (event: ApiEvent) => void;
  /** As the mesh's config has it when absent. */
  readonly monitorIntervalMs?: number;
  readonly onError: (error: unknown) => void;
  /** Somebody else watches the mesh now, or it has ended. */
  readonly onLost: (meshId: string) => void;
}

const REFRESH_MS = 5000;
/** How far the stored `lastHeardAt` of a host that is well may lag behind. */
const STORE_HEARD_MS = 60_000;

/** A row to be stored, and the how manieth health of its host that is: of one health only the latest row counts. */
interface HeardRow {
  readonly row: MeshHostRecord & Pick<MeshHostRow, 'changedBy'>;
  readonly change: number;
}

/** Watches the hosts of one mesh, stores what it hears in batches, and tells of it. */
export class MeshWatch {
  readonly mesh: HostMesh;
  readonly #rows: MeshHostRecord[];
  readonly #stored: (Date | null)[];
  readonly #monitor: HostMonitor;
  readonly #writer: BatchWriter<HeardRow>;
  /** By rank, how often the health of its host has changed, and who made the last change, where that was somebody. */
  readonly #changes: { readonly count: number; readonly changedBy?: ChangedBy }[];
  readonly #feed: ChangeFeed<MeshHostRecord>;
  readonly #refreshing: Repeating;
  readonly #client: Owner;
  readonly #readTaken: () => Promise<ReadonlyMap<number, NonNullable<MeshHostRecord['takenOver']>>>;
  #record: MeshRecord;

  /** `rows` are the mesh's hosts as stored, in rank order. */
  constructor(record: MeshRecord, rows: readonly MeshHostRecord[], mesh: HostMesh, deps: MeshWatchDeps) {
    this.mesh = mesh;
    this.#client = deps.client;
    this.#record = record;
    this.#rows = [...rows];
    this.#changes = rows.map(() => ({ count: 0 }));
    this.#stored = rows.map(({ lastHeardAt }) => lastHeardAt);
    this.#writer = new BatchWriter({
      keyOf: ({ row, change }) => `${row.rank}/${change}`,
      save: (heard) =>
        deps.meshes.saveHosts(
          record.id,
          deps.owner,
          heard.map(({ row }) => row),
        ),
      onLost: () => deps.onLost(record.id),
      onError: deps.onError,
    });
    this.#feed = new ChangeFeed({
      publish: deps.publish,
      rowsChanged: (changed) => ({
        type: 'mesh.hosts_changed',
        meshId: record.id,
        hosts: changed.map((row) => meshHostView(row, record.extent)),
      }),
      wholeChanged: () => ({ type: 'mesh.changed', mesh: this.view() }),
    });
    this.#monitor = mesh.watch({
      ...(deps.monitorIntervalMs !== undefined && { intervalMs: deps.monitorIntervalMs }),
      onChange: (changes) => this.#apply(changes),
    });
    this.#readTaken = () => deps.meshes.takenOver(record.id);
    this.#refreshing = repeat(
      REFRESH_MS,
      async () => {
        this.#refresh();
        await this.readTakenOver();
      },
      deps.onError,
    );
  }

  /** The mesh with the health of its hosts as of now. */
  view() {
    return meshView({ ...this.#record, hosts: countRows(this.#rows) });
  }

  /** A host as last heard, ahead of what is stored. */
  row(rank: number): MeshHostRecord | undefined {
    return this.#rows[rank];
  }

  /** Somebody says that the host that a rank was is gone for good; `reason` is said of its procs. */
  giveUpHost(rank: number, reason: string, by: ChangedBy): void {
    this.#monitor.giveUp(rank, reason);
    this.#apply(
      this.#monitor.hosts().filter((host) => host.rank === rank),
      by,
    );
  }

  /**
   * Ranks of hosts that answer and hold nothing, or something else of ours: not those that another client, or another of our
   * meshes, has taken over.
   */
  lostRanks(): number[] {
    return this.#monitor
      .hosts()
      .flatMap((host) =>
        isLost(host, this.#rows[host.rank], this.#client, this.#record.id) ? [host.rank] : [],
      );
  }

  /** Hosts that are ours, and hold what another mesh of ours has given them. */
  strays(): StrayHost[] {
    return this.#monitor.hosts().flatMap((host) => {
      const row = this.#rows[host.rank];
      const meshId = strayOf(host, row, this.#client, this.#record.id);
      return row === undefined || meshId === null ? [] : [{ rank: host.rank, address: row.address, meshId }];
    });
  }

  /** Takes note of what the mesh has become, and tells of it. */
  update(record: MeshRecord): void {
    this.#record = record;
    this.#feed.flush();
  }

  /** Stores what was heard last; the engine's mesh is the caller's to end. */
  async stop(flushMs: number): Promise<void> {
    this.#monitor.close();
    this.#feed.stop();
    await this.#refreshing.stop();
    await this.#writer.flush(flushMs);
    this.#writer.stop();
  }

  /** Reads which hosts other meshes have taken over, possibly through another replica, and tells of what is new. */
  async readTakenOver(): Promise<void> {
    const taken = await this.#readTaken();
    const changed: number[] = [];
    for (const row of this.#rows) {
      const takenOver = taken.get(row.rank) ?? null;
      if (takenOver?.attemptId === row.takenOver?.attemptId) continue;
      this.#rows[row.rank] = { ...row, takenOver };
      changed.push(row.rank);
    }
    if (changed.length > 0) {
      const observed = this.#monitor.hosts();
      this.#apply(changed.flatMap((rank) => observed[rank] ?? []));
    }
  }

  #apply(changes: readonly HostObservation[], changedBy?: ChangedBy): void {
    const changed = changes.flatMap((observation) => {
      const row = this.#rows[observation.rank];
      if (row === undefined) return [];
      const next = this.#take(row, observation, changedBy);
      this.#stored[observation.rank] = next.lastHeardAt;
      return [this.#heard(next)];
    });
    this.#writer.add(changed);
    this.#feed.add(changed.map(({ row }) => row));
  }

  /** Of hosts whose health stays as it is only `lastHeardAt` moves on; it is stored now and then. */
  #refresh(): void {
    const stale: MeshHostRecord[] = [];
    for (const observation of this.#monitor.hosts()) {
      const { rank } = observation;
      const row = this.#rows[rank];
      if (row === undefined) continue;
      const next = this.#take(row, observation);
      const heardAt = next.lastHeardAt?.getTime() ?? 0;
      if (heardAt - (this.#stored[rank]?.getTime() ?? 0) < STORE_HEARD_MS) continue;
      this.#stored[rank] = next.lastHeardAt;
      stale.push(next);
    }
    this.#writer.add(stale.map((row) => this.#heard(row)));
  }

  #take(row: MeshHostRecord, observation: HostObservation, changedBy?: ChangedBy): MeshHostRecord {
    const next = observedRow(row, observation);
    this.#rows[row.rank] = next;
    if (next.health === row.health) return next;
    const count = (this.#changes[row.rank]?.count ?? 0) + 1;
    this.#changes[row.rank] = { count, ...(changedBy && { changedBy }) };
    return next;
  }

  #heard(row: MeshHostRecord): HeardRow {
    const { count = 0, changedBy } = this.#changes[row.rank] ?? {};
    return { row: { ...row, ...(changedBy && { changedBy }) }, change: count };
  }
}
