import type { UsageReport } from '@hostmesh/protocol';
import { runOf, targetOf, type AgentProc } from '../proc/agent-proc.ts';
import type { Members } from '../processes/members.ts';
import { pageSizeBytes } from '../processes/processes.ts';

/** What a proc had used when it was last measured. */
interface Measured {
  /** The leader of the run, or null for what one has left. */
  readonly startTicks: number | null;
  readonly cpuMs: number;
  readonly atMs: number;
}

/** One look serves all procs of a request. */
const MAX_AGE_MS = 200;

/** Measures what all processes of procs use. */
export class UsageMeter {
  readonly #last = new Map<string, Measured>();
  readonly #pageBytes = pageSizeBytes();
  readonly #members: Members;

  constructor(members: Members) {
    this.#members = members;
  }

  /** Of those that have a process now. `atMs` is of the monotonic clock. */
  measure(procs: readonly AgentProc[], nowMs: number, atMs: number): UsageReport[] {
    return procs.flatMap((proc) => {
      if (runOf(proc) === null && proc.state.kind !== 'lingering') return [];
      return this.#usageOf(proc, nowMs, atMs) ?? [];
    });
  }

  forget(procId: string): void {
    this.#last.delete(procId);
  }

  #usageOf(proc: AgentProc, nowMs: number, atMs: number): UsageReport | null {
    const target = targetOf(proc);
    const { procId } = target;
    const members = this.#members.of(target, MAX_AGE_MS) ?? [];
    if (members.length === 0) return null;
    const counted = this.#members.usage(target);
    const cpuMs = counted?.cpuMs ?? members.reduce((sum, each) => sum + each.cpuMs, 0);
    const startTicks = target.leader?.startTicks ?? null;
    const before = this.#last.get(procId);
    this.#last.set(procId, { startTicks, cpuMs, atMs });
    const comparable = before !== undefined && before.startTicks === startTicks && atMs > before.atMs;
    return {
      procId,
      at: nowMs,
      // Without a cgroup the time of a member that ends and is not waited for is lost, so that the sum may shrink.
      cpuPercent: comparable ? Math.max(0, (100 * (cpuMs - before.cpuMs)) / (atMs - before.atMs)) : null,
      cpuMs,
      rssBytes:
        counted?.memoryBytes ?? members.reduce((sum, each) => sum + each.rssPages, 0) * this.#pageBytes,
      processes: members.length,
    };
  }
}
