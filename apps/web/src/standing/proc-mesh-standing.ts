import type { Proc, ProcCounts, ProcMeshView } from '@hostmesh/contract';
import { procMeshMarks, type Mark } from '../ui/state/mark.ts';
import { formatCount } from '../ui/text/plain-text.ts';

/**
 * How a proc mesh is shown: its state, but never healthier than its procs. One that runs and has procs that failed, or
 * whose state is not known, says so with the count and the whole; it is not called running where no proc runs.
 */
export function procMeshStanding(procMesh: Pick<ProcMeshView, 'state' | 'counts' | 'residue'>): Mark {
  const { state, counts, residue } = procMesh;
  const part = (count: number) => `${formatCount(count)} of ${formatCount(counts.total)}`;
  if (state === 'spawn_failed' && residue > 0)
    return { tone: 'failed', word: `spawn failed, ${part(residue)} may still run` };
  if (state !== 'running') return procMeshMarks[state];
  const running = counts.Running > 0 ? 'running, ' : '';
  const failed = counts.Failed + counts.Timeout;
  if (failed > 0 && counts.Unknown > 0)
    return {
      tone: 'failed',
      word: `${running}${formatCount(failed)} failed, ${formatCount(counts.Unknown)} unknown of ${formatCount(counts.total)}`,
    };
  if (failed > 0) return { tone: 'failed', word: `${running}${part(failed)} failed` };
  if (counts.Unknown > 0) return { tone: 'unknown', word: `${running}${part(counts.Unknown)} unknown` };
  if (counts.Stopped === counts.total) return { tone: 'ended', word: 'all ended' };
  if (counts.Running === 0 && counts.Initializing > 0)
    return { tone: 'moving', word: `${part(counts.Initializing)} starting` };
  if (counts.Stopped > 0) return { tone: 'good', word: `${running}${part(counts.Stopped)} ended` };
  return procMeshMarks.running;
}

/** Procs that may still run: what a stop would end. */
export const liveCount = (counts: ProcCounts): number =>
  counts.Initializing + counts.Running + counts.Stopping + counts.Unknown + counts.Timeout;

/**
 * How many procs wait for a restart at most: counts do not tell those from procs whose restarts are used up. A stop
 * cancels the restart.
 */
export function waitingCount({
  state,
  counts,
  restart,
}: Pick<ProcMeshView, 'state' | 'counts' | 'restart'>): number {
  if (state !== 'running' || restart.policy === 'never') return 0;
  return counts.Failed + (restart.policy === 'always' ? counts.Stopped : 0);
}

/** Whether a stop has something to do: the proc is not known to have ended, waits for a restart, or has left processes. */
export const mayRun = (proc: Pick<Proc, 'status' | 'nextRestartAt' | 'leftover'>): boolean =>
  waitsForRestart(proc) || proc.leftover > 0 || !['Stopped', 'Failed', 'NotExist'].includes(proc.status);

/** It has ended, and is started again unless it is stopped before. */
export const waitsForRestart = ({ nextRestartAt }: Pick<Proc, 'nextRestartAt'>): boolean =>
  nextRestartAt !== null;

/** Whether there may be anything left to stop. `procs`, once they are known, tell exactly who waits for a restart. */
export function canStop(
  procMesh: Pick<ProcMeshView, 'state' | 'counts' | 'residue' | 'restart'>,
  procs?: readonly Pick<Proc, 'nextRestartAt'>[],
): boolean {
  if (procMesh.state === 'stopped') return false;
  if (liveCount(procMesh.counts) > 0 || procMesh.residue > 0) return true;
  return waitingCount(procMesh) > 0 && (procs?.some(waitsForRestart) ?? true);
}

/** Procs that a person should look at. */
export const needingAttention = (counts: ProcCounts): number =>
  counts.Failed + counts.Timeout + counts.Unknown;
