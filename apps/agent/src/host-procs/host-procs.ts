import { inParallel, printDuration, type Fault } from '@hostmesh/core';
import type { AgentRequest, ProcReport, UsageReport } from '@hostmesh/protocol';
import { isFinal, isLive, newProc, type AgentProc, type ProcFacts, type Stop } from '../proc/agent-proc.ts';
import { ProcRunner, type RunnerDeps } from '../runner/proc-runner.ts';
import { LeaseWatch } from './lease-watch.ts';
import { recoverProcs } from './recover.ts';
import { UsageMeter } from './usage.ts';

/** Procs that a host runs at a time; what it tells of them fits a frame. */
export const MAX_HOST_PROCS = 1000;
/** Procs that have ended, of which a host still tells. */
const MAX_ENDED = 1000;

type SpawnProcs = Extract<AgentRequest, { type: 'spawn_procs' }>;
/** A proc's report with what is known beside. */
export type ListedProc = ProcReport & {
  readonly leaseMs: number | null;
  readonly owner: ProcFacts['owner'];
  readonly program: string;
};

/** What the procs of a host need of the operating system. */
export interface ProcSystem extends Omit<RunnerDeps, 'config' | 'changed'> {
  readonly hostId: string;
  monotonicMs(): number;
}

/** What the procs of a host need: `changed` hears of every change that a report shows. */
export interface HostProcsDeps extends ProcSystem, RunnerDeps {}

/** The procs of a host: a runner for each one, the leases of their meshes, and a bounded past. */
export class HostProcs {
  readonly #deps: HostProcsDeps;
  readonly #runners = new Map<string, ProcRunner>();
  readonly #usage: UsageMeter;
  readonly #leases: LeaseWatch;

  constructor(deps: HostProcsDeps) {
    this.#deps = deps;
    this.#usage = new UsageMeter(deps.members);
    this.#leases = new LeaseWatch(
      () => deps.monotonicMs(),
      (procMeshId, ttlMs) => this.#reap(procMeshId, ttlMs),
    );
  }

  /** Takes over what an earlier agent has left on this host. */
  async recover(): Promise<void> {
    const { store, members } = this.#deps;
    const found = await recoverProcs(store.load(), members, this.#deps.config.stepMs());
    for (const { proc, past, begin } of found) {
      const { facts } = proc;
      const runner = new ProcRunner(proc, this.#deps, past);
      this.#add(runner);
      if (facts.ttlMs !== null && !isFinal(proc)) this.#leases.vouch(facts.procMeshId, facts.ttlMs);
      await begin(runner).catch(this.#deps.onBug);
    }
  }

  all(): ProcRunner[] {
    return [...this.#runners.values()];
  }

  get(procId: string): ProcRunner | undefined {
    return this.#runners.get(procId);
  }

  /** Of a mesh, or of a host mesh. */
  ofMesh(procMeshId: string): ProcRunner[] {
    return this.all().filter(({ proc }) => proc.facts.procMeshId === procMeshId);
  }

  ofHostMesh(hostMeshId: string): ProcRunner[] {
    return this.all().filter(({ proc }) => proc.facts.hostMeshId === hostMeshId);
  }

  /** How many have not ended for good. */
  get count(): number {
    return this.all().filter(({ proc }) => !isFinal(proc)).length;
  }

  /** Why so many more cannot be recorded; null when they can. */
  whyNoRoom(procs: number): Fault<'disk_full' | 'disk_failed'> | null {
    return this.#deps.store.whyNoRoom(procs);
  }

  /** Starts those that the host does not have, and vouches for their mesh. */
  spawn({ procs, ttlMs, procMeshId, hostMeshId, owner, configDigest, keep }: SpawnProcs): ProcReport[] {
    if (ttlMs === null) this.#leases.drop(procMeshId);
    else this.#leases.vouch(procMeshId, ttlMs);
    return procs.map((spec) => {
      const known = this.#runners.get(spec.procId);
      if (known !== undefined) return known.report;
      const proc = newProc(
        { spec, procMeshId, hostMeshId, owner, configDigest, keep, ttlMs },
        this.#deps.nowMs(),
      );
      const runner = new ProcRunner(proc, this.#deps, null);
      this.#add(runner);
      runner.begin();
      return runner.report;
    });
  }

  /** The host holds another config, or none any more. */
  configChanged(): void {
    for (const runner of this.all()) runner.configChanged();
  }

  /** Renews the leases of meshes; one without a lease lives for ever, and gets none. Returns those that have no procs here. */
  vouch(meshes: readonly { readonly procMeshId: string; readonly ttlMs: number }[]): string[] {
    const known = new Set(this.all().map(({ proc }) => proc.facts.procMeshId));
    return meshes.flatMap(({ procMeshId, ttlMs }) => {
      if (this.#leases.of(procMeshId) !== undefined) this.#leases.vouch(procMeshId, ttlMs);
      return known.has(procMeshId) ? [] : [procMeshId];
    });
  }

  list(runners: readonly ProcRunner[]): ListedProc[] {
    return runners.map(({ proc, report }) => ({
      ...report,
      leaseMs: isFinal(proc) ? null : this.#leases.leftMs(proc.facts.procMeshId),
      owner: proc.facts.owner,
      program: proc.facts.spec.command.program,
    }));
  }

  usage(procIds: readonly string[] | null): UsageReport[] {
    const chosen = procIds === null ? this.all() : procIds.flatMap((id) => this.get(id) ?? []);
    return this.#usage.measure(
      chosen.map(({ proc }) => proc),
      this.#deps.nowMs(),
      this.#deps.monotonicMs(),
    );
  }

  /** Drops those that have ended for good, with their output. */
  forget(runners: readonly ProcRunner[]): number {
    const ended = runners.filter(({ proc }) => isFinal(proc));
    for (const { proc } of ended) this.#drop(proc.facts.spec.procId);
    return ended.length;
  }

  /** Stops procs, so many at a time, and resolves with their reports once all of them have ended for good. */
  async end(runners: readonly ProcRunner[], stop: Stop, concurrency: number): Promise<ProcReport[]> {
    const waiting = runners.filter(({ proc }) => !isFinal(proc));
    await inParallel(waiting, concurrency, async (runner) => {
      runner.stop(stop);
      await runner.settled(isFinal);
    });
    return waiting.map(({ report }) => report);
  }

  /**
   * Ends procs that do not outlive the agent, all at once, and stops following the kept ones; a start that is under way is
   * waited for. Restarts are left to the next agent, which may take over when this resolves.
   */
  async leave(stop: Stop, { endKept }: { readonly endKept: boolean }): Promise<void> {
    this.#leases.close();
    const ending = this.all().filter(({ proc }) => isLive(proc) && (endKept || !proc.facts.keep));
    for (const runner of this.all()) runner.leave();
    for (const runner of ending) runner.stop(stop);
    await Promise.all(ending.map((runner) => runner.settled((proc) => !isLive(proc))));
    await Promise.all(this.all().map((runner) => runner.abandon()));
    this.#deps.reaper.close();
    this.#deps.members.close();
  }

  #add(runner: ProcRunner): void {
    this.#runners.set(runner.proc.facts.spec.procId, runner);
    runner
      .settled(isFinal)
      .then(() => this.#ended(runner.proc))
      .catch(this.#deps.onBug);
  }

  #ended({ facts: { spec, procMeshId } }: AgentProc): void {
    this.#usage.forget(spec.procId);
    if (this.ofMesh(procMeshId).every((runner) => isFinal(runner.proc))) this.#leases.drop(procMeshId);
    const ended = this.all().filter((runner) => isFinal(runner.proc));
    const surplus = ended.length - MAX_ENDED;
    if (surplus <= 0) return;
    const oldest = ended.sort((a, b) => a.proc.atMs - b.proc.atMs).slice(0, surplus);
    for (const runner of oldest) this.#drop(runner.proc.facts.spec.procId);
  }

  #drop(procId: string): void {
    this.#runners.delete(procId);
    this.#deps.store.remove(procId);
  }

  #reap(procMeshId: string, ttlMs: number): void {
    for (const runner of this.ofMesh(procMeshId)) {
      const { label } = runner.proc.facts.owner;
      const causeText = `not heard from ${label} for ${printDuration(ttlMs)}`;
      runner.stop({ cause: 'orphaned', causeText, stepMs: this.#deps.config.stepMs() });
    }
  }
}
