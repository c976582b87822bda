import { printDuration, type StopCause } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import { Leases } from './leases.ts';
import { chatterUntil } from './output.ts';
import { dueAtMs, isLive, newProc, type ProcTerms, type SimProc } from './state.ts';
import { type ProcEvent, stepProc } from './step.ts';

/** What the procs of a host need of it. */
export interface ProcsHost {
  /** Time for each step of the stop ladder, by the config that is installed there. */
  exitStepMs(): number;
  /** Called for every new generation, in order. */
  changed(report: ProcReport): void;
}

/** Somebody who waits: called after every change, and at the time that it returns; null: it has what it wants. */
type Waiter = (nowMs: number) => number | null;

/** Milliseconds since 1970 by a clock that is never set back. */
const clockMs = (): number => Math.floor(performance.timeOrigin + performance.now());

/** The procs of one simulated host. One timer serves all of them: thousands of hosts fit into a process. */
export class HostProcs {
  readonly #host: ProcsHost;
  readonly #procs = new Map<string, SimProc>();
  readonly #leases = new Leases();
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;

  constructor(host: ProcsHost) {
    this.#host = host;
  }

  get all(): SimProc[] {
    return [...this.#procs.values()];
  }
  get reports(): ProcReport[] {
    return this.all.map(({ report }) => report);
  }
  ofMesh(procMeshId: string): SimProc[] {
    return this.all.filter(({ terms }) => terms.procMeshId === procMeshId);
  }
  /** With all that it has written until now. */
  find(procId: string): SimProc | undefined {
    const proc = this.#procs.get(procId);
    if (proc === undefined || proc.report.startedAt === null || !isLive(proc)) return proc;
    const { chatterPerSecond } = proc.terms.behaviour;
    const read = {
      ...proc,
      output: chatterUntil(proc.output, chatterPerSecond, proc.report.startedAt, clockMs()),
    };
    this.#procs.set(procId, read);
    return read;
  }
  leaseOf(procMeshId: string): number | null {
    return this.#leases.of(procMeshId, clockMs())?.leftMs ?? null;
  }

  /** Starts those that the host does not have; all of their mesh are vouched for from now. */
  spawn(terms: readonly Omit<ProcTerms, 'behaviour'>[], procMeshId: string, ttlMs: number | null): void {
    const nowMs = clockMs();
    this.#leases.grant(procMeshId, ttlMs, nowMs);
    for (const each of terms) {
      if (this.#procs.has(each.spec.procId)) continue;
      const proc = newProc(each, nowMs);
      this.#procs.set(each.spec.procId, proc);
      this.#host.changed(proc.report);
    }
    this.#settle();
  }

  /** Prolongs the lease of a mesh, if it has one; false when the host has no procs of it. */
  vouch(procMeshId: string, ttlMs: number): boolean {
    const nowMs = clockMs();
    if (this.#leases.of(procMeshId, nowMs) !== null) this.#leases.grant(procMeshId, ttlMs, nowMs);
    this.#arm();
    return this.ofMesh(procMeshId).length > 0;
  }

  /** Begins to stop these procs; those that have ended stay as they are. */
  stop(procs: readonly SimProc[], cause: StopCause, causeText: string | null, stepMs: number): void {
    for (const { terms } of procs) this.step(terms.spec.procId, { kind: 'stop', cause, causeText, stepMs });
  }

  step(procId: string, event: ProcEvent): void {
    this.#step(procId, event, clockMs());
    this.#settle();
  }

  forget(procs: readonly SimProc[]): number {
    const ended = procs.filter(({ phase }) => phase.kind === 'ended');
    for (const { terms } of ended) this.#procs.delete(terms.spec.procId);
    return ended.length;
  }

  /** The agent died and is back: what was not to be kept is gone, and nobody waits any more. */
  agentRestarted(): void {
    this.#waiters.clear();
    this.#leases.renew(clockMs());
    for (const procId of this.#procs.keys()) this.step(procId, { kind: 'agent_restarted' });
  }

  /** Resolves once `look` finds something, which it is asked after every change and at times that it names. */
  until<T>(look: (nowMs: number) => { readonly found: T } | { readonly againAtMs: number }): Promise<T> {
    return new Promise((resolve) => {
      this.#waiters.add((nowMs) => {
        const result = look(nowMs);
        if ('againAtMs' in result) return result.againAtMs;
        resolve(result.found);
        return null;
      });
      this.#settle();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiters.clear();
    this.#procs.clear();
  }

  #step(procId: string, event: ProcEvent, nowMs: number): void {
    const before = this.#procs.get(procId);
    if (before === undefined) return;
    const after = stepProc(before, event, {
      nowMs,
      exitStepMs: this.#host.exitStepMs(),
    });
    this.#procs.set(procId, after);
    if (after.report !== before.report) this.#host.changed(after.report);
  }

  #run(): void {
    const nowMs = clockMs();
    this.#timerAtMs = Infinity;
    for (const { procMeshId, ttlMs } of this.#leases.takeExpired(nowMs)) {
      for (const { terms } of this.ofMesh(procMeshId)) {
        const causeText = `not heard from ${terms.owner.label} for ${printDuration(ttlMs)}`;
        const stepMs = this.#host.exitStepMs();
        this.#step(terms.spec.procId, { kind: 'stop', cause: 'orphaned', causeText, stepMs }, nowMs);
      }
    }
    for (const procId of this.#procs.keys()) {
      // Several things may be overdue: each has a generation of its own.
      while (this.#dueAtMs(procId) <= nowMs) this.#step(procId, { kind: 'due' }, nowMs);
    }
    this.#settle();
  }

  #dueAtMs(procId: string): number {
    const proc = this.#procs.get(procId);
    return proc === undefined ? Infinity : dueAtMs(proc);
  }

  /** Tells those who wait, and sets the timer for what comes next. */
  #settle(): void {
    this.#arm();
    if (this.#waiters.size === 0) return;
    const nowMs = clockMs();
    for (const waiter of this.#waiters) {
      const againAtMs = waiter(nowMs);
      if (againAtMs === null) this.#waiters.delete(waiter);
      else this.#armAt(againAtMs);
    }
  }

  #arm(): void {
    let nextMs = this.#leases.nextMs();
    for (const proc of this.#procs.values()) nextMs = Math.min(nextMs, dueAtMs(proc));
    this.#armAt(nextMs);
  }

  /** A timer that turns out to be too early does no harm: it sets the next. */
  #armAt(atMs: number): void {
    if (atMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => this.#run(), Math.max(0, atMs - clockMs()));
  }
}
