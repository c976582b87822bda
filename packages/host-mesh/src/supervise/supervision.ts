import { printHostMeshId, type ConfigAttrs, type Result } from '@hostmesh/core';
import type { InstalledConfig, Owner, Transport } from '@hostmesh/protocol';
import type { Clock } from '../clock/clock.ts';
import type { HostLinks } from '../links/host-links.ts';
import { HostMonitor, type MonitorOptions } from '../monitor/host-monitor.ts';
import type { ProcMeshRecord } from '../proc/known-proc.ts';
import { ProcBoard } from '../proc/proc-board.ts';
import { ProcMesh } from '../proc/proc-mesh.ts';
import type { ProcListeners } from '../proc/proc-observation.ts';
import { isFinalView } from '../proc/proc-view.ts';
import { recordedView } from '../proc/recorded-view.ts';
import type { HostMeshRef } from '../ref/host-mesh-ref.ts';
import { checkSpawn, type SpawnRefusal } from '../spawn/check-spawn.ts';
import type { SpawnFault } from '../spawn/spawn-fault.ts';
import type { SpawnPlan } from '../spawn/spawn-plan.ts';
import { spawnProcs } from '../spawn/spawn-procs.ts';
import { stopBarrierMs } from '../stop/stop-barrier.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { ProcController } from './proc-controller.ts';
import { ProcFeed } from './proc-feed.ts';
import type { ProcPorts } from './proc-ports.ts';
import { supervisionSettings, type SupervisionSettings } from './supervision-settings.ts';

interface Ports {
  readonly transport: Transport;
  readonly links: HostLinks;
  readonly owner: Owner;
  readonly concurrency: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * All watching of one host mesh: its monitor, which is the one reader of every host's events, and the controllers of its
 * proc meshes. As long as there is one of those a monitor runs, whether or not somebody wants to hear of the hosts.
 */
export class Supervision {
  readonly feed = new ProcFeed();
  readonly #ref: HostMeshRef;
  readonly #ports: Ports;
  readonly #leases: LeaseKeeper;
  readonly #procPorts: ProcPorts;
  #controllers: readonly ProcController[] = [];
  #digests: readonly string[];
  #settings: SupervisionSettings;
  #monitor: HostMonitor | null = null;
  #closed = false;

  constructor(ref: HostMeshRef, ports: Ports, digests: readonly string[], attrs: ConfigAttrs) {
    this.#ref = ref;
    this.#ports = ports;
    this.#digests = digests;
    this.#settings = supervisionSettings(attrs);
    this.#leases = new LeaseKeeper({
      ...ports,
      connection: (hostRank) => ports.links.get(hostRank),
      onUnknown: (hostRank, procMeshId) =>
        this.#controllers.find((each) => each.procMeshId === procMeshId)?.poll(hostRank),
    });
    this.#procPorts = {
      ...ports,
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

  checkSpawn(plan: SpawnPlan, signal: AbortSignal): Promise<readonly SpawnRefusal[]> {
    return checkSpawn(plan, this.#procPorts, signal);
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

  /** Replaces the monitor; what the one before was to tell, nobody wants to hear any more. */
  watch(options: MonitorOptions): HostMonitor {
    const { maxIdleMs } = this.#settings;
    const { owner, ...ports } = this.#ports;
    const before = this.#monitor;
    this.#monitor = null;
    before?.close();
    const monitor: HostMonitor = new HostMonitor(
      this.#ref.targets,
      { digests: this.#digests, owner },
      { ...ports, feed: this.feed, onClosed: () => this.#unwatched(monitor) },
      // A host that is asked and does not answer has been silent for no longer than allowed.
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

  /** Every host has acknowledged this config. */
  pushed(attrs: ConfigAttrs, config: InstalledConfig): void {
    this.#settings = supervisionSettings(attrs);
    this.#monitor?.acknowledged(config);
  }

  async spawn(
    plan: SpawnPlan,
    listeners: ProcListeners,
    signal: AbortSignal,
  ): Promise<Result<ProcMesh, SpawnFault>> {
    const board = ProcBoard.awaiting(plan.procs, plan.restart.limit, this.#ports.clock.wallNow());
    const controlled = { board, ttlMs: plan.ttlMs, repairs: 0, isResumed: false };
    const controller = this.#control(new ProcController(plan.id, controlled, this.#procPorts, listeners));
    return spawnProcs(plan, controller, this.#procPorts, signal);
  }

  resume(record: ProcMeshRecord, listeners: ProcListeners): ProcMesh {
    const { id, ttlMs, repairs, restartLimit } = record;
    const procs = record.procs.map((proc) => ({ ...proc, view: recordedView(proc) }));
    const controlled = { board: new ProcBoard(procs, restartLimit), ttlMs, repairs, isResumed: true };
    const controller = this.#control(new ProcController(id, controlled, this.#procPorts, listeners));
    return new ProcMesh(record, controller, this.#procPorts);
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
