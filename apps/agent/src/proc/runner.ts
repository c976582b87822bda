import { assertNever, satisfiesWait, statusOfProc, type Status } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import { join } from 'node:path';
import { launch, readyFile, type LaunchPorts } from '../launch/launch.ts';
import { ProcLog } from '../output/proc-log.ts';
import type { GroupWatch } from '../process-table/group-watch.ts';
import { sendSignal } from '../process-table/signal.ts';
import { whenReady } from '../readiness/readiness.ts';
import type { GroupReaper } from '../reaper/reaper.ts';
import type { ProcStore } from '../store/proc-store.ts';
import { adoptedProcess, ownProcess, readSpools, type OsProcess } from './os-process.ts';
import { isFinal, runOf, type Proc, type Run, type Stop } from './proc.ts';
import { reportOf } from './report.ts';
import { stepProc, type ProcCommand, type ProcEvent, type ProcTimer } from './step.ts';

/** What all procs of a host share. */
export interface RunnerPorts {
  readonly store: ProcStore;
  readonly launch: LaunchPorts;
  readonly groups: GroupWatch;
  readonly reaper: GroupReaper;
  /** Time for each step of the stop ladder unless a stop says otherwise. */
  stepMs(): number;
  /** Hears of every change that a report shows, once it is on disk. */
  changed(proc: Proc): void;
  onBug(error: unknown): void;
}

/** Earlier reports that are kept for clients that were away. */
const MAX_PAST = 50;
/** Nobody survives SIGKILL, but a process that hangs in the kernel takes it late. */
const SWEEP_WITHIN_MS = 2_000;

/** Runs one proc: does what its state machine commands, and tells it what happens. */
export class ProcRunner {
  readonly log: ProcLog;
  readonly #ports: RunnerPorts;
  readonly #dir: string;
  readonly #listeners = new Set<() => void>();
  #proc: Proc;
  #past: readonly ProcReport[];
  #process: OsProcess | null = null;
  #readinessOf: Parameters<typeof whenReady>[1]['descriptor'] = null;
  #readiness: AbortController | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isLeft = false;

  /** `past` is what an agent before has told of the proc; null when there was none. */
  constructor(proc: Proc, ports: RunnerPorts, past: readonly ProcReport[] | null) {
    this.#proc = proc;
    this.#past = past ?? [];
    this.#ports = ports;
    this.#dir = ports.store.dirOf(proc.facts.spec.procId);
    this.log = new ProcLog(this.#dir, { isNew: past === null });
    if (isFinal(proc)) this.log.close();
  }

  get proc(): Proc {
    return this.#proc;
  }

  get report(): ProcReport {
    return reportOf(this.#proc);
  }

  /** The reports before this one, oldest first, without their last lines of output. */
  get past(): readonly ProcReport[] {
    return this.#past;
  }

  /** Makes a new proc known, and starts its process in the background. */
  begin(): void {
    this.#ports.store.create(this.#proc.facts);
    this.#tell();
    this.#do({ kind: 'launch' });
  }

  stop(stop: Stop): void {
    this.dispatch({ kind: 'stop', stop });
  }

  /** Goes on with a process that an agent before us has started. */
  async adopt(run: Run | null): Promise<void> {
    await this.log.open();
    if (run !== null) {
      this.#process = adoptedProcess(run, this.#dir, this.log);
      this.#readinessOf = readyFile(this.#dir);
    }
    this.dispatch({ kind: 'adopted' });
  }

  /** Ends the story of a process that is gone, with what is left of its output. */
  async lose(): Promise<void> {
    await this.log.open();
    await readSpools(this.#dir, this.log);
    this.log.takeStderrTail();
    this.dispatch({ kind: 'lost', stderrTail: await this.log.readStderrTail() });
  }

  /** Resolves once `until` is true of the proc, at the timeout, or when the signal fires. */
  async settled(until: (proc: Proc) => boolean, signal?: AbortSignal): Promise<void> {
    if (until(this.#proc) || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#listeners.delete(look);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const look = () => until(this.#proc) && done();
      this.#listeners.add(look);
      signal?.addEventListener('abort', done);
    });
  }

  /** Resolves once the status is at least `min`, or when the signal fires. */
  reached(min: Exclude<Status['kind'], 'Failed' | 'Timeout'>, signal: AbortSignal): Promise<void> {
    const isThere = ({ status, cause }: ProcReport) =>
      satisfiesWait(statusOfProc(status, cause), { kind: min });
    return this.settled((proc) => isThere(reportOf(proc)), signal);
  }

  /** From now on a restart is left to the next agent. */
  leave(): void {
    this.#isLeft = true;
    if (this.#proc.state.kind === 'waiting') clearTimeout(this.#timer);
  }

  /** Lets go of a process that goes on without us. */
  abandon(): void {
    clearTimeout(this.#timer);
    this.#readiness?.abort();
    this.#process?.abandon();
  }

  dispatch(event: ProcEvent): void {
    const before = this.#proc;
    const context = { nowMs: Date.now(), random: Math.random(), stepMs: this.#ports.stepMs() };
    const [next, commands] = stepProc(before, event, context);
    this.#proc = next;
    if (isFinal(next) && !isFinal(before)) this.log.close();
    if (next.generation !== before.generation) {
      this.#past = [...this.#past, { ...reportOf(before), stderrTail: [] }].slice(-MAX_PAST);
      this.#tell();
    }
    for (const command of commands) this.#do(command);
    for (const listener of [...this.#listeners]) listener();
  }

  #tell(): void {
    this.#ports.store.save(this.#proc, this.#past);
    this.#ports.changed(this.#proc);
  }

  #do(command: ProcCommand): void {
    const run = runOf(this.#proc);
    switch (command.kind) {
      case 'launch':
        return this.#background(this.#launch());
      case 'watch_exit':
        return this.#process?.onExit((exit) => this.dispatch({ kind: 'exited', exit }));
      case 'watch_readiness':
        return run === null ? undefined : this.#background(this.#watchReadiness(run));
      case 'end_readiness':
        this.#readiness?.abort();
        this.#readiness = null;
        return;
      case 'signal':
        if (run === null) return;
        if (command.to === 'group') sendSignal(-run.pid, command.signal);
        else this.#process?.signalLeader('SIGTERM');
        return;
      case 'watch_group':
        return run === null
          ? undefined
          : this.#background(
              this.#ports.groups.gone(run.pid).then(() => this.dispatch({ kind: 'group_gone' })),
            );
      case 'finish':
        return run === null ? undefined : this.#background(this.#finish(run));
      case 'set_timer':
        clearTimeout(this.#timer);
        if (this.#isLeft && command.timer === 'restart') return;
        this.#timer = setTimeout(() => this.#timeUp(command.timer), command.ms);
        return;
      case 'clear_timer':
        return clearTimeout(this.#timer);
      default:
        return assertNever(command);
    }
  }

  /** A group that has gone unseen since the last look is not the work of the next step of the ladder. */
  #timeUp(timer: ProcTimer): void {
    const run = runOf(this.#proc);
    const isGone = timer === 'ladder' && run !== null && this.#ports.groups.isGone(run.pid);
    this.dispatch(isGone ? { kind: 'group_gone' } : { kind: 'timer', timer });
  }

  #background(work: Promise<void>): void {
    work.catch(this.#ports.onBug);
  }

  async #launch(): Promise<void> {
    const { facts } = this.#proc;
    await this.log.open();
    const launched = await launch(facts, this.#dir, this.#ports.launch);
    if (!launched.ok) return this.dispatch({ kind: 'start_failed', reason: launched.fault.message });
    const { pid, startTicks, ready } = launched.value;
    if (!facts.keep) this.#ports.reaper.remember(pid);
    const cwd = facts.spec.command.cwd ?? join(this.#dir, 'work');
    this.#process = ownProcess(launched.value, this.#dir, cwd, this.log);
    this.#readinessOf = ready ?? (facts.keep ? readyFile(this.#dir) : null);
    this.dispatch({ kind: 'started', pid, startTicks });
  }

  async #watchReadiness(run: Run): Promise<void> {
    const readiness = new AbortController();
    this.#readiness = readiness;
    const sources = { log: this.log, startedAtMs: run.startedAtMs, descriptor: this.#readinessOf };
    const ready = await whenReady(this.#proc.facts.spec.readiness, sources, readiness.signal);
    if (ready !== null && !readiness.signal.aborted) this.dispatch({ kind: 'became_ready', ...ready });
  }

  /** A process that has ended leaves nobody behind: who is still in its group has lost its leader. */
  async #finish({ pid }: Run): Promise<void> {
    const process = this.#process;
    sendSignal(-pid, 'SIGKILL');
    const isGone = await this.#ports.groups.gone(pid, AbortSignal.timeout(SWEEP_WITHIN_MS));
    // What cannot be killed stays in the reaper's memory.
    if (isGone) this.#ports.reaper.forget(pid);
    await process?.endOutput();
    this.#process = null;
    this.dispatch({ kind: 'finished', stderrTail: this.log.takeStderrTail() });
  }
}
