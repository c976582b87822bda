import { callAfter, printDuration, type Fault, type Result, type StopCause } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import { chatterUntil } from './sim-output.ts';
import { dueAtMs, isSimProcLive, newSimProc, type SimProc, type SimProcTerms } from './sim-proc.ts';
import { stepSimProc, type SimProcEvent } from './step-sim-proc.ts';

/** For how long clients vouch for the procs of each mesh (reference 12.4), by the host's own clock. */
class SimLeases {
  readonly #byMesh = new Map<string, { readonly ttlMs: number; readonly expiresAtMs: number }>();

  /** Vouched for from now on; `ttlMs` null: never to be reaped. */
  grant(procMeshId: string, ttlMs: number | null, nowMs: number): void {
    if (ttlMs === null) this.#byMesh.delete(procMeshId);
    else this.#byMesh.set(procMeshId, { ttlMs, expiresAtMs: nowMs + ttlMs });
  }

  /** Milliseconds that are left, and how long it was granted for; null: never to be reaped. */
  of(procMeshId: string, nowMs: number): { readonly leftMs: number; readonly ttlMs: number } | null {
    const lease = this.#byMesh.get(procMeshId);
    return lease === undefined
      ? null
      : { leftMs: Math.max(0, lease.expiresAtMs - nowMs), ttlMs: lease.ttlMs };
  }

  /** All of them anew, as after a restart of the agent. */
  renew(nowMs: number): void {
    for (const [mesh, { ttlMs }] of this.#byMesh) this.grant(mesh, ttlMs, nowMs);
  }

  /** Those that have run out, which are told only once. */
  takeExpired(nowMs: number): { readonly procMeshId: string; readonly ttlMs: number }[] {
    const expired = [...this.#byMesh].filter(([, { expiresAtMs }]) => expiresAtMs <= nowMs);
    for (const [mesh] of expired) this.#byMesh.delete(mesh);
    return expired.map(([procMeshId, { ttlMs }]) => ({ procMeshId, ttlMs }));
  }

  /** When the next one runs out. */
  nextMs(): number {
    return Math.min(...[...this.#byMesh.values()].map(({ expiresAtMs }) => expiresAtMs));
  }
}

/** What the procs of a host need of it. */
export interface SimProcsDeps {
  /** Time for each step of the stop ladder, by the config that is installed there. */
  exitStepMs(): number;
  /** Digest of the config that a proc is started with now. */
  configFor(terms: SimProcTerms): Result<string | null, Fault>;
  /** Called for every new generation, in order. */
  changed(report: ProcReport): void;
}

/** Somebody who waits: called after every change, and at the time that it returns; null: it has what it wants. */
type Waiter = (nowMs: number) => number | null;

/** Milliseconds since 1970 by a clock that is never set back. */
const clockMs = (): number => Math.floor(performance.timeOrigin + performance.now());

/** The procs of one simulated host. One timer serves all of them: thousands of hosts fit into a process. */
export class SimHostProcs {
  readonly #host: SimProcsDeps;
  readonly #procs = new Map<string, SimProc>();
  readonly #leases = new SimLeases();
  readonly #waiters = new Set<Waiter>();
  #cancelTimer = (): void => undefined;
  #timerAtMs = Infinity;

  constructor(host: SimProcsDeps) {
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
    if (proc === undefined || proc.report.startedAt === null || !isSimProcLive(proc)) return proc;
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
  spawn(terms: readonly Omit<SimProcTerms, 'behaviour'>[], procMeshId: string, ttlMs: number | null): void {
    const nowMs = clockMs();
    this.#leases.grant(procMeshId, ttlMs, nowMs);
    for (const each of terms) {
      if (this.#procs.has(each.spec.procId)) continue;
      const proc = newSimProc(each, nowMs);
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

  /** The host holds another config: those that wait for one look again. */
  configChanged(): void {
    for (const { terms, phase } of this.all)
      if (phase.kind === 'held') this.step(terms.spec.procId, { kind: 'due' });
  }

  /** Begins to stop these procs; those that have ended stay as they are. */
  stop(procs: readonly SimProc[], cause: StopCause, causeText: string | null, stepMs: number): void {
    for (const { terms } of procs) this.step(terms.spec.procId, { kind: 'stop', cause, causeText, stepMs });
  }

  step(procId: string, event: SimProcEvent): void {
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
    this.#cancelTimer();
    this.#waiters.clear();
    this.#procs.clear();
  }

  #step(procId: string, event: SimProcEvent, nowMs: number): void {
    const before = this.#procs.get(procId);
    if (before === undefined) return;
    const after = stepSimProc(before, event, {
      nowMs,
      exitStepMs: this.#host.exitStepMs(),
      config: this.#host.configFor(before.terms),
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
    this.#cancelTimer();
    this.#timerAtMs = atMs;
    this.#cancelTimer = callAfter(Math.max(0, atMs - clockMs()), () => this.#run());
  }
}
