import { setTimeout } from 'node:timers/promises';
import { ownVariables } from '@hostmesh/core';
import { isLive, runOf, targetOf, type AgentProc, type ProcessRun } from '../proc/agent-proc.ts';
import type { Members } from '../processes/members.ts';
import { isAlive, variableOf } from '../processes/processes.ts';
import type { ProcRunner } from '../runner/proc-runner.ts';
import type { SavedProc } from '../store/proc-store.ts';
import { revived } from '../store/revive.ts';

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
 * time, or by what is in their environment when the agent ended before it could write down a pid; so is what has stayed of
 * kept ones that have ended. Whatever else still runs is killed.
 */
export async function recoverProcs(
  saved: readonly SavedProc[],
  members: Members,
  stepMs: number,
): Promise<Recovered[]> {
  const lost: AgentProc[] = [];
  const recovered = saved.map((each): Recovered => {
    const proc = revived(each, stepMs);
    const { past } = each.report;
    if (!isLive(proc)) return { proc, past, begin: (runner) => runner.adopt(null) };
    if (!proc.facts.keep) lost.push(proc);
    else if (proc.state.kind === 'lingering') return { proc, past, begin: (runner) => runner.adopt(null) };
    const run = proc.facts.keep ? livingRun(proc, members) : null;
    if (run !== null) return { proc, past, begin: (runner) => runner.adopt(run) };
    return { proc, past, begin: (runner) => runner.lose() };
  });
  members.clear(new Set(saved.map(({ facts }) => facts.spec.procId)));
  await killAll(lost, members);
  return recovered;
}

/** The very process that was started, or the leader that was started before its pid was written down. */
function livingRun(proc: AgentProc, members: Members): ProcessRun | null {
  const run = runOf(proc);
  if (run !== null) return isAlive(run.pid, run.startTicks) ? run : null;
  const leader = members.of(targetOf(proc))?.find(({ pid, groupId }) => groupId === pid);
  if (leader === undefined) return null;
  const { pid, startTicks } = leader;
  const configDigest = variableOf(pid, ownVariables.configDigest);
  const times = { startedAtMs: proc.atMs, readyAtMs: null };
  return { pid, startTicks, ...times, address: null, configDigest, adopted: true };
}

/** Kills what is left of procs, in whatever group it is. */
async function killAll(procs: readonly AgentProc[], members: Members): Promise<void> {
  for (const untilMs = performance.now() + KILL_WITHIN_MS; performance.now() < untilMs;) {
    const left = procs.map(targetOf).filter((target) => !members.isGone(target));
    if (left.length === 0) return;
    for (const target of left) members.signal(target, 'SIGKILL');
    await setTimeout(LOOK_EVERY_MS);
  }
}
