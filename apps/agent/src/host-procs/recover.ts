import { setTimeout } from 'node:timers/promises';
import { ownVariables } from '@hostmesh/core';
import { isLive, runOf, type AgentProc, type ProcessRun } from '../proc/agent-proc.ts';
import { revived } from '../store/revive.ts';
import type { ProcRunner } from '../runner/proc-runner.ts';
import { isAlive, pidsByVariable, readProcess, variableOf } from '../processes/processes.ts';
import { sendSignal } from '../processes/processes.ts';
import type { SavedProc } from '../store/proc-store.ts';

/** A proc of an earlier agent, and what takes it on from where it stood. */
export interface Recovered {
  readonly proc: AgentProc;
  /** What that agent told of it before. */
  readonly past: SavedProc['report']['past'];
  begin(runner: ProcRunner): Promise<void>;
}

/** Nothing survives SIGKILL for long, unless it hangs in the kernel; the agent does not wait for that. */
const KILL_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;

/**
 * Says what has become of the procs of an earlier agent. Kept ones that still run are adopted, recognised by pid and start
 * time, or by what is in their environment when the agent ended before it could write down a pid. Whatever else still
 * runs is killed.
 */
export async function recoverProcs(
  saved: readonly SavedProc[],
  hostId: string,
  stepMs: number,
): Promise<Recovered[]> {
  const running = findRunning(hostId);
  const lost: AgentProc[] = [];
  const recovered = saved.map((each): Recovered => {
    const proc = revived(each, stepMs);
    const { past } = each.report;
    if (!isLive(proc)) return { proc, past, begin: (runner) => runner.adopt(null) };
    const run = proc.facts.keep ? livingRun(proc, running) : null;
    if (run !== null) return { proc, past, begin: (runner) => runner.adopt(run) };
    lost.push(proc);
    return { proc, past, begin: (runner) => runner.lose() };
  });
  await killAll(lost, hostId);
  return recovered;
}

const idOf = ({ facts }: AgentProc): string => facts.spec.procId;

const findRunning = (hostId: string) =>
  pidsByVariable(ownVariables.procId, `${ownVariables.hostId}=${hostId}`);

/** The very process that was started, or the leader that was started before its pid was written down. */
function livingRun(proc: AgentProc, running: ReadonlyMap<string, readonly number[]>): ProcessRun | null {
  const run = runOf(proc);
  if (run !== null) return isAlive(run.pid, run.startTicks) ? run : null;
  for (const pid of running.get(idOf(proc)) ?? []) {
    const found = readProcess(pid);
    if (found === null || found.isZombie || found.groupId !== pid) continue;
    const { startTicks } = found;
    const configDigest = variableOf(pid, ownVariables.configDigest);
    const times = { startedAtMs: proc.atMs, readyAtMs: null };
    return { pid, startTicks, ...times, address: null, configDigest, adopted: true };
  }
  return null;
}

/** Kills what is left of procs: their leader's group, and whoever carries their id, in whatever group. */
async function killAll(procs: readonly AgentProc[], hostId: string): Promise<void> {
  if (procs.length === 0) return;
  const ids = new Set(procs.map(idOf));
  for (const untilMs = performance.now() + KILL_WITHIN_MS; performance.now() < untilMs;) {
    const groups = procs.flatMap((proc) => {
      const run = runOf(proc);
      return run !== null && isAlive(run.pid, run.startTicks) ? [-run.pid] : [];
    });
    const members = [...findRunning(hostId)].flatMap(([id, pids]) => (ids.has(id) ? pids : []));
    const targets = [...groups, ...members.filter((pid) => pid !== process.pid)];
    if (targets.length === 0) return;
    for (const target of targets) sendSignal(target, 'SIGKILL');
    await setTimeout(LOOK_EVERY_MS);
  }
}
