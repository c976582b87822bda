import { callAfter, satisfiesWait, statusOfProc, type Status } from '@hostmesh/core';
import type { ProcExit, ProcReport } from '@hostmesh/protocol';
import { join } from 'node:path';
import { readyFile, type LaunchConfig, type Launched, type Launcher } from '../launch/launch.ts';
import { failedByHelper, startFailed, whyNotStarted } from '../launch/why-not-started.ts';
import type { ReadingPace } from '../output/capture.ts';
import { ProcLog } from '../output/proc-log.ts';
import {
  isFinal,
  runOf,
  staysEnded,
  type AgentProc,
  type ProcTarget,
  type ProcessRun,
  type Stop,
} from '../proc/agent-proc.ts';
import { reportOf, withoutTails } from '../proc/proc-report.ts';
import { stepProc } from '../proc/step-proc.ts';
import type { EffectKind, ProcEffect, ProcEvent, ProcTimer } from '../proc/proc-event.ts';
import type { GroupReaper } from '../processes/group-reaper.ts';
import type { Members } from '../processes/members.ts';
import type { ProcStore } from '../store/proc-store.ts';
import { adoptedProcess, ownProcess, readSpools, type OsProcess } from './os-process.ts';
import { whenReady } from './readiness.ts';

/** The config in effect, as far as it concerns procs. It is looked up whenever it is needed. */
interface ProcConfig extends LaunchConfig {
  /** Time for each step of the stop ladder unless a stop says otherwise. */
  stepMs(): number;
}

/** What all procs of a host share. */
export interface RunnerDeps {
  readonly store: ProcStore;
  readonly launcher: Launcher;
  readonly pace: ReadingPace;
  readonly members: Members;
  readonly reaper: GroupReaper;
  readonly config: ProcConfig;
  /** Milliseconds since 1970 by the agent's clock. */
  nowMs(): number;
  /** Hears of every change that a report shows, once it is on disk. */
  changed(proc: AgentProc): void;
  /** Something of the operating system is not as it should be; the proc goes on. */
  onFault(what: string, error: unknown): void;
  /** What was told as a fault is over; `detail` says what it has cost. */
  onMended(what: string, detail: string): void;
  onBug(error: unknown): void;
}

/** Earlier reports that are kept for clients that were away. */
const MAX_PAST = 50;
/** A process that hangs in the kernel ends only some time after SIGKILL. */
const SWEEP_WITHIN_MS = 2_000;
const LEAVE_WITHIN_MS = 100;
/** How often what is left of an ended proc is looked at. */
const LOOK_EVERY_MS = 250;

/** Runs one proc: hands what happens to `stepProc`, and carries out the effects that it asks for. */
export class ProcRunner {
  readonly log: ProcLog;
  readonly #deps: RunnerDeps;
  readonly #dir: string;
  readonly #listeners = new Set<() => void>();
  /** Aborted once the next agent may look after the proc: from then on this one does nothing more. */
  readonly #abandoned = new AbortController();
  #proc: AgentProc;
  #past: readonly ProcReport[];
  #process: OsProcess | null = null;
  #launched: Pick<Launched, 'file' | 'helpers'> | null = null;
  #readinessOf: Parameters<typeof whenReady>[1]['descriptor'] = null;
  #readiness: AbortController | null = null;
  #cancelTimer = (): void => undefined;
  #leftoverTimer: NodeJS.Timeout | undefined;
  #leader: ProcTarget['leader'] = null;
  #launching: Promise<void> = Promise.resolve();
  #isCreated: boolean;
  /** Whether the disk has the proc as it stands, for the next agent. */
  #isSaved = false;
  #isLeft = false;

  /** How each kind of effect is carried out. */
  readonly #executors: { readonly [K in EffectKind]: (effect: ProcEffect<K>) => void } = {
    launch: ({ leftover }) => {
      this.#launching = this.#launch(leftover).catch(this.#deps.onBug);
    },
    watch_exit: () => this.#process?.onExit((exit) => this.dispatch({ kind: 'exited', exit })),
    watch_readiness: () => this.#onRun((run) => this.#watchReadiness(run)),
    end_readiness: () => {
      this.#readiness?.abort();
      this.#readiness = null;
    },
    signal: ({ to, signal }) => {
      if (to === 'leader') this.#process?.signalLeader('SIGTERM');
      else this.#deps.members.signal(this.#target, signal);
    },
    watch_members: () => void this.#watchMembers().catch(this.#deps.onBug),
    watch_leftover: () => this.#watchLeftover(),
    finish: ({ exit }) => void this.#finish(exit).catch(this.#deps.onBug),
    set_timer: ({ timer, ms }) => {
      this.#cancelTimer();
      if (this.#isLeft && timer === 'restart') return;
      this.#cancelTimer = callAfter(ms, () => this.#timeUp(timer));
    },
    clear_timer: () => this.#cancelTimer(),
  };

  /** `past` is what an earlier agent has told of the proc; null when there was none. */
  constructor(proc: AgentProc, deps: RunnerDeps, past: readonly ProcReport[] | null) {
    this.#proc = proc;
    this.#past = past ?? [];
    this.#isCreated = past !== null;
    this.#deps = deps;
    this.#dir = deps.store.dirOf(proc.facts.spec.procId);
    const mended = (missing: string) => deps.onMended(this.#output, missing);
    const listener = { failed: this.#onLogFault, mended };
    this.log = new ProcLog(this.#dir, { isNew: past === null, nowMs: () => deps.nowMs(), listener });
    if (isFinal(proc)) this.log.close();
  }

  get proc(): AgentProc {
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
    this.#tell();
    this.#do({ kind: 'launch', leftover: 0 });
  }

  stop(stop: Stop): void {
    this.dispatch({ kind: 'stop', stop });
  }

  /** Goes on with a process that an earlier agent has started; null: there is none. */
  async adopt(run: ProcessRun | null): Promise<void> {
    await this.log.open();
    if (run === null) return this.dispatch({ kind: 'adopted' });
    this.#process = adoptedProcess(run, this.#dir, this.log, this.#onLogFault);
    this.#readinessOf = readyFile(this.#dir);
    const { pid, startTicks, configDigest } = run;
    const isNews = this.#proc.state.kind === 'starting';
    this.dispatch(
      isNews ? { kind: 'started', pid, startTicks, configDigest, adopted: true } : { kind: 'adopted' },
    );
  }

  /** Ends a proc whose process is gone, with what is left of its output. */
  async lose(): Promise<void> {
    await this.log.open();
    await readSpools(this.#dir, this.log, this.#onLogFault);
    this.log.takeStderrTail();
    const stderrTail = await this.log.readStderrTail().catch((error: unknown) => {
      this.#onLogFault(error);
      return [];
    });
    const { members } = this.#deps;
    members.killGroup(this.#target);
    const leftover = this.#proc.facts.keep ? await members.count(this.#target) : 0;
    if (leftover === 0) this.#letGo();
    this.dispatch({ kind: 'lost', stderrTail, leftover });
  }

  /** Resolves once `until` is true of the proc, at the timeout, or when the signal fires. */
  async settled(until: (proc: AgentProc) => boolean, signal?: AbortSignal): Promise<void> {
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
    const isThere = ({ status, cause, leftover }: ProcReport) =>
      satisfiesWait(statusOfProc(status, cause), { kind: min }) && (min !== 'Stopped' || leftover === 0);
    return this.settled((proc) => isThere(reportOf(proc)), signal);
  }

  /** The config of the host is another: a proc that waits for its own is started, or says what it waits for now. */
  configChanged(): void {
    const { facts, state } = this.#proc;
    if (state.kind !== 'held' || this.#isLeft) return;
    const config = this.#deps.config.configFor(facts);
    this.dispatch(
      config.ok ? { kind: 'config_installed' } : { kind: 'config_missing', reason: config.fault.message },
    );
  }

  /** From now on a restart is left to the next agent. */
  leave(): void {
    this.#isLeft = true;
    if (this.#proc.state.kind === 'waiting') this.#cancelTimer();
  }

  /**
   * Stops following a process that goes on without this agent, after a start that is under way. When this resolves the next
   * agent may take over: this one writes nothing more.
   */
  async abandon(): Promise<void> {
    await this.#launching;
    this.#abandoned.abort();
    this.#cancelTimer();
    clearInterval(this.#leftoverTimer);
    this.#readiness?.abort();
    await this.#process?.abandon();
    await this.log.written();
  }

  dispatch(event: ProcEvent): void {
    if (this.#abandoned.signal.aborted) return;
    const before = this.#proc;
    const context = {
      nowMs: this.#deps.nowMs(),
      random: Math.random(),
      stepMs: this.#deps.config.stepMs(),
    };
    const [next, effects] = stepProc(before, event, context);
    this.#proc = next;
    if (isFinal(next) && !isFinal(before)) this.log.close();
    if (!('leftover' in next.state)) clearInterval(this.#leftoverTimer);
    if (next.generation !== before.generation) {
      this.#past = [...this.#past, withoutTails(reportOf(before))].slice(-MAX_PAST);
      this.#tell();
    } else if (staysEnded(next) !== staysEnded(before)) this.#save();
    for (const effect of effects) this.#do(effect);
    for (const listener of [...this.#listeners]) listener();
  }

  #tell(): void {
    this.#save();
    this.#deps.changed(this.#proc);
  }

  #save(): void {
    const { store } = this.#deps;
    this.#isCreated ||= store.create(this.#proc.facts);
    this.#isSaved = store.save(this.#proc, this.#past) && this.#isCreated;
  }

  #do<K extends EffectKind>(effect: ProcEffect<K>): void {
    this.#executors[effect.kind](effect);
  }

  /** Takes the next step of the ladder only if somebody is still there: it may have gone since the last look. */
  #timeUp(timer: ProcTimer): void {
    const isGone = timer === 'ladder' && this.#deps.members.isGone(this.#target);
    if (!isGone) return this.dispatch({ kind: 'timer', timer });
    this.dispatch(runOf(this.#proc) === null ? { kind: 'leftover', count: 0 } : { kind: 'members_gone' });
  }

  /** The processes of the present run, or of the one before while there is none. */
  get #target(): ProcTarget {
    this.#leader = runOf(this.#proc) ?? this.#leader;
    return { procId: this.#proc.facts.spec.procId, leader: this.#leader };
  }

  /** Works on the process that is there, if there is one. */
  #onRun(work: (run: ProcessRun) => unknown): void {
    const run = runOf(this.#proc);
    if (run !== null) Promise.resolve(work(run)).catch(this.#deps.onBug);
  }

  async #watchMembers(): Promise<void> {
    const isGone = await this.#deps.members.gone(this.#target, this.#abandoned.signal);
    if (isGone) this.dispatch({ kind: 'members_gone' });
  }

  #watchLeftover(): void {
    const { members } = this.#deps;
    const look = () => {
      const found = members.of(this.#target, LOOK_EVERY_MS / 2);
      if (found === null) return;
      if (found.length === 0) this.#letGo();
      this.dispatch({ kind: 'leftover', count: found.length });
    };
    clearInterval(this.#leftoverTimer);
    this.#leftoverTimer = setInterval(look, LOOK_EVERY_MS);
  }

  /** No process of it is left. */
  #letGo(): void {
    const { procId, leader } = this.#target;
    if (leader !== null) this.#deps.reaper.forget(leader.pid, procId);
    this.#deps.members.forget(procId);
  }

  get #output(): string {
    return `output of proc ${this.#proc.facts.spec.procId}`;
  }

  readonly #onLogFault = (error: unknown): void => this.#deps.onFault(this.#output, error);

  async #launch(leftover: number): Promise<void> {
    const outcome = await this.#start(leftover).catch((error: unknown): ProcEvent => {
      this.#deps.members.signal(this.#target, 'SIGKILL');
      const { code, message } = whyNotStarted(error);
      return startFailed(code, message);
    });
    this.dispatch(outcome);
  }

  /** How the start went. Nothing runs when it failed, or throws. */
  async #start(leftover: number): Promise<ProcEvent> {
    const { launcher, config, reaper, pace } = this.#deps;
    const { facts } = this.#proc;
    if (facts.keep && !this.#isSaved) {
      return startFailed('not_started', 'it is to be kept, and cannot be written down for the next agent');
    }
    if (leftover > 0 && !(await this.#endLeftover())) {
      return startFailed('not_started', 'processes of its last run cannot be ended');
    }
    await this.log.open();
    const launched = await launcher.launch(facts, this.#dir, config);
    if (!launched.ok) {
      const { code, message } = launched.fault;
      return code === 'config_missing' ? { kind: code, reason: message } : startFailed(code, message);
    }
    const { pid, startTicks, configDigest, ready } = launched.value;
    this.#launched = launched.value;
    this.#leader = { pid, startTicks };
    if (!facts.keep) reaper.remember(pid, facts.spec.procId);
    const cwd = facts.spec.command.cwd ?? join(this.#dir, 'work');
    try {
      this.#process = ownProcess(launched.value, { dir: this.#dir, cwd, log: this.log, pace });
    } catch (error) {
      await this.#sweep();
      throw error;
    }
    this.#readinessOf = ready ?? (facts.keep ? readyFile(this.#dir) : null);
    return { kind: 'started', pid, startTicks, configDigest, adopted: false };
  }

  async #watchReadiness(run: ProcessRun): Promise<void> {
    const readiness = new AbortController();
    this.#readiness = readiness;
    const sources = {
      log: this.log,
      startedAtMs: run.startedAtMs,
      isAdopted: this.report.adopted,
      descriptor: this.#readinessOf,
      members: () => this.#deps.members.of(this.#target)?.map(({ pid }) => pid) ?? null,
      onWaiting: (why: string | null) => {
        if (!readiness.signal.aborted) this.dispatch({ kind: 'waits_for', why });
      },
    };
    const ready = await whenReady(this.#proc.facts.spec.readiness, sources, readiness.signal);
    if (ready !== null && !readiness.signal.aborted) this.dispatch({ kind: 'became_ready', ...ready });
  }

  /** Kills what an ended process has left in its group, reads its output to the end, and looks what runs on. */
  async #finish(exit: ProcExit): Promise<void> {
    await this.#sweep();
    await this.#process?.endOutput();
    // Its directory may go as soon as it has ended.
    await this.log.written();
    this.#process = null;
    const stderrTail = this.log.takeStderrTail();
    const leftover = await this.#deps.members.count(this.#target);
    if (leftover === 0) this.#letGo();
    const look = () => this.#deps.launcher.find(this.#proc.facts, join(this.#dir, 'work'));
    const startFault = failedByHelper(this.#launched, exit, stderrTail, look);
    this.dispatch({ kind: 'finished', stderrTail, leftover, startFault });
  }

  async #sweep(): Promise<void> {
    const { members } = this.#deps;
    const target = this.#target;
    // A daemon leaves the group of whoever has started it a moment after that has ended.
    if (await members.groupGone(target, AbortSignal.timeout(LEAVE_WITHIN_MS))) return;
    members.killGroup(target);
    await members.groupGone(target, AbortSignal.timeout(SWEEP_WITHIN_MS));
  }

  /** Ends what is left of the run before, which was asked to end when that had ended. Returns whether nothing is. */
  async #endLeftover(): Promise<boolean> {
    const { members, config } = this.#deps;
    if (await members.gone(this.#target, AbortSignal.timeout(config.stepMs()))) return true;
    members.signal(this.#target, 'SIGKILL');
    return members.gone(this.#target, AbortSignal.timeout(SWEEP_WITHIN_MS));
  }
}
