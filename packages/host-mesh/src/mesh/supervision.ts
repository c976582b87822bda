import { printHostMeshId, type ConfigAttrs, type Result } from '@hostmesh/core';
import type { InstalledConfig, Owner } from '@hostmesh/protocol';
import type { ReachDeps } from '../links/reach.ts';
import { HostMonitor, type MonitorOptions } from '../monitor/host-monitor.ts';
import { ProcFeed } from '../monitor/proc-feed.ts';
import { ProcMesh } from '../proc-mesh/proc-mesh.ts';
import { recordedView, type KnownProcMesh } from '../proc/known-proc.ts';
import { ProcBoard } from '../proc/proc-board.ts';
import type { ProcListeners } from '../proc/proc-observation.ts';
import { isFinalView } from '../proc/proc-view.ts';
import type { HostMeshRef } from '../ref/host-mesh-ref.ts';
import type { SpawnFault } from '../spawn/spawn-outcome.ts';
import type { SpawnPlan } from '../spawn/spawn-plan.ts';
import { askWhetherSpawnable, spawnProcs, type SpawnRefusal } from '../spawn/spawn-procs.ts';
import { stopBarrierMs } from '../stop/stop-procs.ts';
import { LeaseKeeper } from '../supervise/lease-keeper.ts';
import { ProcController } from '../supervise/proc-controller.ts';
import type { ProcDeps } from '../supervise/proc-deps.ts';
import { supervisionSettings, type SupervisionSettings } from '../supervise/supervision-settings.ts';

interface SupervisionDeps extends ReachDeps {
  readonly owner: Owner;
  /** What the mesh's procs are started with. */
  readonly configDigest: () => string | null;
  readonly random: () => number;
}

/**
 * All watching of one host mesh: its monitor, which is the one reader of every host's events, and the controllers of
 * its proc meshes. A monitor runs as long as there is a controller, even when nobody watches the hosts.
 */
export class Supervision {
  readonly feed = new ProcFeed();
  readonly #ref: HostMeshRef;
  readonly #deps: SupervisionDeps;
  readonly #leases: LeaseKeeper;
  readonly #procDeps: ProcDeps;
  #controllers: readonly ProcController[] = [];
  #digests: readonly string[];
  #settings: SupervisionSettings;
  #monitor: HostMonitor | null = null;
  #closed = false;

  constructor(ref: HostMeshRef, deps: SupervisionDeps, digests: readonly string[], attrs: ConfigAttrs) {
    this.#ref = ref;
    this.#deps = deps;
    this.#digests = digests;
    this.#settings = supervisionSettings(attrs);
    this.#leases = new LeaseKeeper({
      ...deps,
      onUnknown: (hostRank, procMeshId) =>
        this.#controllers.find((each) => each.procMeshId === procMeshId)?.poll(hostRank),
    });
    this.#procDeps = {
      ...deps,
      feed: this.feed,
      leases: this.#leases,
      hostMeshId: printHostMeshId(ref.id),
      targets: ref.targets,
      settings: () => this.#settings,
    };
  }

  /** Whether some proc mesh is looked after. */
  get hasProcs(): boolean {
    return this.#controllers.some(({ closed }) => !closed);
  }

  askWhetherSpawnable(plan: SpawnPlan, signal: AbortSignal): Promise<readonly SpawnRefusal[]> {
    return askWhetherSpawnable(plan, this.#procDeps, signal);
  }

  /** How long hosts may take to end all procs that are known to run on them. */
  drainBarrierMs(): number {
    const boards = this.#controllers.filter(({ closed }) => !closed).map(({ board }) => board);
    const liveOn = (hostRank: number) =>
      boards
        .flatMap((board) => board.ranksOfHost(hostRank).map((rank) => board.view(rank)))
        .filter((view) => !isFinalView(view)).length;
    const most = this.#ref.targets.reduce((max, { rank }) => Math.max(max, liveOn(rank)), 0);
    const { terminateConcurrency, terminateStepMs } = this.#settings;
    return stopBarrierMs(most, terminateConcurrency, terminateStepMs);
  }

  /** Replaces the monitor; the one before tells nothing more. */
  watch(options: MonitorOptions): HostMonitor {
    const { maxIdleMs } = this.#settings;
    const { owner, configDigest: _, ...deps } = this.#deps;
    const before = this.#monitor;
    this.#monitor = null;
    before?.close();
    const monitor: HostMonitor = new HostMonitor(
      this.#ref.targets,
      { digests: this.#digests, owner },
      { ...deps, feed: this.feed, onClosed: () => this.#unwatched(monitor) },
      // Interval and timeout together are no longer than the silence that the config allows.
      { intervalMs: Math.min(10_000, maxIdleMs / 2), timeoutMs: Math.min(5_000, maxIdleMs / 2), ...options },
    );
    this.#monitor = monitor;
    return monitor;
  }

  /** From now on these are the configs that a healthy host may hold. */
  expect(digests: readonly string[]): void {
    this.#digests = digests;
    this.#monitor?.expect(digests);
  }

  /** Every host has acknowledged these attrs, as the config that `configOf` tells. */
  pushed(attrs: ConfigAttrs, configOf: (rank: number) => InstalledConfig): void {
    this.#settings = supervisionSettings(attrs);
    this.#monitor?.acknowledged(configOf);
  }

  async spawn(
    plan: SpawnPlan,
    listeners: ProcListeners,
    signal: AbortSignal,
  ): Promise<Result<ProcMesh, SpawnFault>> {
    const board = ProcBoard.awaiting(plan.procs, plan.restart.limit, this.#deps.clock.wallNow());
    const controlled = { board, ttlMs: plan.ttlMs, repairs: 0, isResumed: false };
    const controller = this.#control(new ProcController(plan.id, controlled, this.#procDeps, listeners));
    return spawnProcs(plan, controller, this.#procDeps, signal);
  }

  resume(record: KnownProcMesh, listeners: ProcListeners): ProcMesh {
    const { id, ttlMs, repairs, restartLimit } = record;
    const procs = record.procs.map((proc) => ({ ...proc, view: recordedView(proc) }));
    const controlled = { board: new ProcBoard(procs, restartLimit), ttlMs, repairs, isResumed: true };
    const controller = this.#control(new ProcController(id, controlled, this.#procDeps, listeners));
    return new ProcMesh(record, controller, this.#procDeps);
  }

  /** Ends all watching; what was heard is told. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#controllers) controller.close();
    this.#monitor?.close();
    this.#leases.close();
  }

  #control(controller: ProcController): ProcController {
    if (this.#closed) controller.close();
    this.#controllers = [...this.#controllers.filter(({ closed }) => !closed), controller];
    this.#needMonitor();
    return controller;
  }

  #unwatched(monitor: HostMonitor): void {
    if (this.#monitor !== monitor) return;
    this.#monitor = null;
    this.#needMonitor();
  }

  #needMonitor(): void {
    if (!this.#closed && this.hasProcs && this.#monitor === null) this.watch({});
  }
}
