import { isEndState, type Proc, type ProcCounts, type ProcMeshView } from '@hostmesh/contract';
import { afterEndOf } from '@hostmesh/core';

/** Procs that may still run. */
const liveCount = (counts: ProcCounts): number =>
  counts.Initializing + counts.Running + counts.Stopping + counts.Unknown + counts.Timeout;

/** Whether a stop has something to do: the proc is not known to have ended, waits for a restart, or has left processes. */
export const mayRun = (proc: Pick<Proc, 'status' | 'nextRestartAt' | 'leftover'>): boolean =>
  afterEndOf(proc) !== null || !['Stopped', 'Failed', 'NotExist'].includes(proc.status);

/** It has ended, and is started again unless it is stopped before. */
export const waitsForRestart = ({ nextRestartAt }: Pick<Proc, 'nextRestartAt'>): boolean =>
  nextRestartAt !== null;

/** How many procs a stop has something to do for: they may run, wait for a restart, or have left processes. */
export const stoppableCount = (counts: ProcCounts): number =>
  liveCount(counts) + counts.restarting + counts.lingering;

/** Whether there may be anything left to stop. */
export const canStop = ({
  state,
  counts,
  residue,
}: Pick<ProcMeshView, 'state' | 'counts' | 'residue'>): boolean =>
  residue > 0 || (!isEndState(state) && stoppableCount(counts) > 0);
