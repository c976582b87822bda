import { isEndState, type Proc, type ProcCounts, type ProcMeshView } from '@hostmesh/contract';

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

/** Whether there may be anything left to stop. `procs`, once they are known, tell exactly. */
export function canStop(
  procMesh: Pick<ProcMeshView, 'state' | 'counts' | 'residue' | 'restart'>,
  procs?: readonly Pick<Proc, 'status' | 'nextRestartAt' | 'leftover'>[],
): boolean {
  if (isEndState(procMesh.state) && procMesh.residue === 0) return false;
  if (liveCount(procMesh.counts) > 0 || procMesh.residue > 0) return true;
  // One that still runs with all procs ended has restarts due, or processes that are left.
  return procs?.some(mayRun) ?? procMesh.state === 'running';
}
