import type { UsageReport } from '@hostmesh/protocol';
import { runOf, type AgentProc } from '../proc/agent-proc.ts';
import type { ProcessInfo } from '../processes/process-info.ts';
import { pageSizeBytes, readProcesses } from '../processes/processes.ts';

/** What a proc had used when it was last measured. */
interface Measured {
  readonly pid: number;
  readonly cpuMs: number;
  readonly atMs: number;
}

/** Measures what the groups of procs use. */
export class UsageMeter {
  readonly #last = new Map<string, Measured>();
  readonly #pageBytes = pageSizeBytes();

  /** Of those that have a process now, by one look at the process table. `atMs` is of the monotonic clock. */
  measure(procs: readonly AgentProc[], nowMs: number, atMs: number): UsageReport[] {
    const byGroup = Map.groupBy(
      readProcesses().filter(({ isZombie }) => !isZombie),
      ({ groupId }) => groupId,
    );
    return procs.flatMap((proc) => {
      const run = runOf(proc);
      const members = run === null ? undefined : byGroup.get(run.pid);
      if (run === null || members === undefined) return [];
      return this.#usageOf(proc.facts.spec.procId, run.pid, members, nowMs, atMs);
    });
  }

  forget(procId: string): void {
    this.#last.delete(procId);
  }

  #usageOf(
    procId: string,
    pid: number,
    members: readonly ProcessInfo[],
    nowMs: number,
    atMs: number,
  ): UsageReport {
    const cpuMs = members.reduce((sum, each) => sum + each.cpuMs, 0);
    const before = this.#last.get(procId);
    this.#last.set(procId, { pid, cpuMs, atMs });
    const comparable = before !== undefined && before.pid === pid && atMs > before.atMs;
    return {
      procId,
      at: nowMs,
      // The time of a member that ends and is not waited for is lost, so that the sum may shrink.
      cpuPercent: comparable ? Math.max(0, (100 * (cpuMs - before.cpuMs)) / (atMs - before.atMs)) : null,
      cpuMs,
      rssBytes: members.reduce((sum, each) => sum + each.rssPages, 0) * this.#pageBytes,
      processes: members.length,
    };
  }
}
