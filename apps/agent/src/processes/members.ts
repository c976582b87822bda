import { ownVariables } from '@hostmesh/core';
import type { ProcTarget } from '../proc/agent-proc.ts';
import type { CgroupUsage, ProcCgroups } from './cgroups.ts';
import type { ProcessInfo } from './process-info.ts';
import { readMarkedProcesses, readProcess, sendSignal, type MarkedProcess } from './processes.ts';

/** What a look at all processes sees serves others for so long: it costs milliseconds. */
const FRESH_MS = 20;
const LOOK_EVERY_MS = 20;
const CLEAR_WITHIN_MS = 3_000;
/** Of the agent's time, looks through all of /proc take so much at most. */
const SCAN_SHARE = 0.2;

/** A process that forks or starts a program has no environment for a moment: so many looks have to agree where there is no cgroup. */
const LOOKS_THAT_AGREE = 3;

interface Counted {
  readonly count: number;
  readonly look: readonly MarkedProcess[] | null;
  readonly times: number;
}

interface Waiter {
  readonly target: ProcTarget;
  readonly count: (members: readonly ProcessInfo[]) => number;
  /** Hears a count that is sure. */
  readonly heard: (count: number) => void;
  /** What was counted last without a cgroup, in which look, and how many looks have agreed on it. */
  last: Counted | null;
}

/**
 * Tells which processes belong to a proc, whatever they have done since: by the cgroup of the proc, or else by its group and
 * session and by the id in their environment. A number counts together with its start alone, so that whoever gets it
 * next is not taken for a member.
 */
export class Members {
  readonly #hostId: string;
  readonly #cgroups: ProcCgroups | null;
  readonly #waiting = new Set<Waiter>();
  #timer: NodeJS.Timeout | null = null;
  #seen: readonly MarkedProcess[] | null = null;
  #seenAtMs = -Infinity;
  #scansFromMs = 0;

  constructor(hostId: string, cgroups: ProcCgroups | null) {
    this.#hostId = hostId;
    this.#cgroups = cgroups;
  }

  /** Processes of a proc that have not ended; null when that cannot be told now. A look may be as old as `maxAgeMs`. */
  of({ procId, leader }: ProcTarget, maxAgeMs = FRESH_MS): readonly ProcessInfo[] | null {
    if (this.#cgroups?.has(procId) === true) {
      try {
        return this.#cgroups.pids(procId).flatMap((pid) => {
          const found = readProcess(pid);
          return found === null || found.isZombie ? [] : [found];
        });
      } catch {
        return null;
      }
    }
    const all = this.#look(maxAgeMs);
    if (all === null) return null;
    // Once the number is another process's, groups and sessions of it are, too.
    const holder = all.find(({ pid }) => pid === leader?.pid);
    const isOurs = leader !== null && (holder === undefined || holder.startTicks === leader.startTicks);
    return all.filter(
      (each) =>
        !each.isZombie &&
        each.pid !== process.pid &&
        (each.procId === procId ||
          (isOurs && (each.groupId === leader.pid || each.sessionId === leader.pid))),
    );
  }

  /** What the proc has used, where its host counts that. */
  usage({ procId }: ProcTarget): CgroupUsage | null {
    return this.#cgroups?.usage(procId) ?? null;
  }

  /** Signals all members; SIGKILL reaches those, too, that are being started meanwhile, where there are cgroups. */
  signal(target: ProcTarget, signal: 'SIGTERM' | 'SIGKILL'): void {
    if (signal === 'SIGKILL') this.#cgroups?.kill(target.procId);
    for (const { pid } of this.of(target, 0) ?? []) sendSignal(pid, signal);
  }

  /** Kills what is left in the leader's group. */
  killGroup(target: ProcTarget): void {
    const isThere = inGroup(target)(this.of(target, 0) ?? []) > 0;
    if (isThere && target.leader !== null) sendSignal(-target.leader.pid, 'SIGKILL');
  }

  /** Resolves with true when no member is left, with false when the signal fires before. */
  async gone(target: ProcTarget, signal?: AbortSignal): Promise<boolean> {
    return (
      (await this.#wait(
        target,
        (members) => members.length,
        (count) => count === 0,
        signal,
      )) === 0
    );
  }

  /** The same of the leader's group. */
  async groupGone(target: ProcTarget, signal?: AbortSignal): Promise<boolean> {
    if (target.leader === null || !sendSignal(-target.leader.pid, 0)) return true;
    return (await this.#wait(target, inGroup(target), (count) => count === 0, signal)) === 0;
  }

  /** How many members there are. */
  async count(target: ProcTarget): Promise<number> {
    return (
      (await this.#wait(
        target,
        (members) => members.length,
        () => true,
      )) ?? 0
    );
  }

  /** Lets go of a proc that has no member left. */
  forget(procId: string): void {
    this.#cgroups?.remove(procId);
  }

  /** Ends what procs that nobody knows any more have left in cgroups of this host. */
  clear(knownIds: ReadonlySet<string>): void {
    for (const name of this.#cgroups?.names() ?? []) {
      if (knownIds.has(name)) continue;
      this.#cgroups?.kill(name);
      void this.gone({ procId: name, leader: null }, AbortSignal.timeout(CLEAR_WITHIN_MS)).then(() =>
        this.forget(name),
      );
    }
  }

  /** Takes away the cgroups that are empty; the others are those of procs that go on. */
  close(): void {
    this.#cgroups?.close();
  }

  /** Whether no member is left, at one look. */
  isGone(target: ProcTarget): boolean {
    return this.of(target)?.length === 0;
  }

  /** Resolves with the first count that is what is waited for, with null when the signal fires before. */
  #wait(
    target: ProcTarget,
    count: Waiter['count'],
    isIt: (count: number) => boolean,
    signal?: AbortSignal,
  ): Promise<number | null> {
    return new Promise((resolve) => {
      const end = (found: number | null) => {
        this.#waiting.delete(waiter);
        signal?.removeEventListener('abort', giveUp);
        resolve(found);
      };
      const giveUp = () => end(null);
      const heard = (found: number) => {
        if (isIt(found)) end(found);
      };
      const waiter: Waiter = { target, count, heard, last: null };
      if (signal?.aborted === true) return giveUp();
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', giveUp);
      this.#check(waiter);
      if (this.#waiting.size > 0) this.#timer ??= setInterval(() => this.#checkAll(), LOOK_EVERY_MS);
    });
  }

  #checkAll(): void {
    for (const waiter of [...this.#waiting]) this.#check(waiter);
    if (this.#waiting.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #check(waiter: Waiter): void {
    const { target, count } = waiter;
    const hasCgroup = this.#cgroups?.has(target.procId) === true;
    const nowMs = performance.now();
    const mustScan = !hasCgroup && nowMs - this.#seenAtMs >= FRESH_MS;
    if (mustScan && nowMs < this.#scansFromMs) return;
    const members = this.of(target);
    if (members === null) return;
    const found = count(members);
    const { last } = waiter;
    if (hasCgroup) return waiter.heard(found);
    if (last?.look === this.#seen) return;
    const times = last?.count === found ? last.times + 1 : 1;
    waiter.last = { count: found, look: this.#seen, times };
    if (times >= LOOKS_THAT_AGREE) waiter.heard(found);
  }

  #look(maxAgeMs: number): readonly MarkedProcess[] | null {
    const startMs = performance.now();
    if (startMs - this.#seenAtMs <= maxAgeMs) return this.#seen;
    this.#seen = readMarkedProcesses({ host: ownVariables.hostId, proc: ownVariables.procId }, this.#hostId);
    this.#seenAtMs = performance.now();
    this.#scansFromMs = this.#seenAtMs + Math.max(0, (this.#seenAtMs - startMs) / SCAN_SHARE);
    return this.#seen;
  }
}

const inGroup =
  ({ leader }: ProcTarget) =>
  (members: readonly ProcessInfo[]): number =>
    members.filter(({ groupId }) => groupId === leader?.pid).length;
