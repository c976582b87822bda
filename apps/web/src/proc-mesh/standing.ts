import type { ProcCounts, ProcMesh } from '@hostmesh/contract';
import { formatCount } from '../ui/text/count.ts';
import { procMeshMarks, type Mark } from '../ui/state/mark.ts';

/**
 * How a proc mesh is shown: its state, but never healthier than its procs. One that runs and has procs that failed, or
 * of which nobody knows, says so with the count and the whole.
 */
export function procMeshStanding(procMesh: Pick<ProcMesh, 'state' | 'counts' | 'residue'>): Mark {
  const { state, counts, residue } = procMesh;
  const part = (count: number) => `${formatCount(count)} of ${formatCount(counts.total)}`;
  if (state === 'spawn_failed' && residue > 0)
    return { tone: 'failed', word: `spawn failed, ${part(residue)} may still run` };
  if (state !== 'running') return procMeshMarks[state];
  const failed = counts.Failed + counts.Timeout;
  if (failed > 0) return { tone: 'failed', word: `running, ${part(failed)} failed` };
  if (counts.Unknown > 0) return { tone: 'unknown', word: `running, ${part(counts.Unknown)} unknown` };
  if (counts.Stopped === counts.total) return { tone: 'ended', word: 'all ended' };
  if (counts.Stopped > 0) return { tone: 'good', word: `running, ${part(counts.Stopped)} ended` };
  return procMeshMarks.running;
}

/** Procs that may still run: what a stop would end. */
export const liveCount = (counts: ProcCounts): number =>
  counts.Initializing + counts.Running + counts.Stopping + counts.Unknown + counts.Timeout;

/** Whether there may be anything left to stop. */
export const canStop = (procMesh: Pick<ProcMesh, 'state' | 'counts' | 'residue'>): boolean =>
  procMesh.state !== 'stopped' && (liveCount(procMesh.counts) > 0 || procMesh.residue > 0);

/** Procs that a person should look at. */
export const needingAttention = (counts: ProcCounts): number =>
  counts.Failed + counts.Timeout + counts.Unknown;
