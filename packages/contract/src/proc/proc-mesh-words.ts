import { countOf, type EndCounts, formatCount } from '@hostmesh/core';
import {
  isEndState,
  type ProcMeshState,
  type ProcMeshStop,
  type ProcMeshView,
  type StopOutcome,
} from './proc-mesh.ts';

/** How a state looks: each has a shape and a colour of its own on a page. */
type Look = 'good' | 'moving' | 'ending' | 'ended' | 'failed' | 'unknown';

/** How a proc mesh stands, for a list: its look and its word. */
export interface ProcMeshStanding {
  readonly tone: Look;
  readonly word: string;
}

const standing = (tone: Look, word: string): ProcMeshStanding => ({ tone, word });

/** Each state by itself. */
export const procMeshMarks = {
  spawning: standing('moving', 'spawning'),
  running: standing('good', 'running'),
  stopping: standing('ending', 'stopping'),
  succeeded: standing('good', 'succeeded'),
  failed: standing('failed', 'failed'),
  stopped: standing('ended', 'stopped'),
  spawn_failed: standing('failed', 'spawn failed'),
  lost: standing('unknown', 'lost'),
} as const satisfies Record<ProcMeshState, ProcMeshStanding>;

type Told = Pick<ProcMeshView, 'state' | 'counts' | 'ends' | 'stop' | 'residue' | 'failures'>;

/**
 * How a proc mesh stands in a few words, the same on a page and in a terminal: its state, but never healthier than its
 * procs. One that runs and has procs that failed, or whose state is not known, says so with the count and the whole; it
 * is not called running where no proc runs.
 */
export function procMeshStanding(procMesh: Told): ProcMeshStanding {
  const { state, counts, residue, stop } = procMesh;
  const part = (count: number) => `${formatCount(count)} of ${formatCount(counts.total)}`;
  switch (state) {
    case 'spawn_failed':
      if (residue > 0) return standing('failed', `spawn failed, ${part(residue)} may still run`);
      return isCancelled(procMesh)
        ? standing('ended', `spawn stopped${byText(stop)}`)
        : procMeshMarks.spawn_failed;
    case 'failed':
      return standing('failed', `failed, ${part(counts.Failed + counts.Timeout)}`);
    case 'lost':
      return standing('unknown', `lost, ${part(openEnds(procMesh))} not known`);
    case 'stopped':
      return standing('ended', `stopped${byText(stop)}`);
    case 'running':
      return runningStanding(procMesh);
    case 'spawning':
    case 'stopping':
    case 'succeeded':
      return procMeshMarks[state];
  }
}

function runningStanding({ counts }: Pick<Told, 'counts'>): ProcMeshStanding {
  const part = (count: number) => `${formatCount(count)} of ${formatCount(counts.total)}`;
  const running = counts.Running > 0 ? 'running, ' : '';
  const after = afterEndText(counts);
  const andAfter = after === '' ? '' : `, ${after}`;
  const failed = counts.Failed + counts.Timeout;
  if (failed > 0 && counts.Unknown > 0) {
    const both = `${formatCount(failed)} failed, ${formatCount(counts.Unknown)} unknown`;
    return standing('failed', `${running}${both} of ${formatCount(counts.total)}${andAfter}`);
  }
  if (failed > 0) return standing('failed', `${running}${part(failed)} failed${andAfter}`);
  if (counts.Unknown > 0) return standing('unknown', `${running}${part(counts.Unknown)} unknown${andAfter}`);
  // One of which nothing is left, or to come, is judged in a moment.
  if (counts.Stopped === counts.total) return standing('moving', `all ended${andAfter}`);
  if (counts.Running === 0 && counts.Initializing > 0)
    return standing('moving', `${part(counts.Initializing)} starting`);
  if (counts.Stopped > 0) return standing('good', `${running}${part(counts.Stopped)} ended${andAfter}`);
  return procMeshMarks.running;
}

/** What is still to come of procs that have ended: `2 wait for a restart, 1 has processes left`; empty when nothing is. */
export function afterEndText({
  restarting,
  lingering,
}: Pick<ProcMeshView['counts'], 'restarting' | 'lingering'>): string {
  return [
    restarting > 0 ? `${countOf(restarting, 'waits', 'wait')} for a restart` : '',
    lingering > 0 ? `${countOf(lingering, 'has', 'have')} processes left` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** How a proc answered to a stop. */
export const stopOutcomeWords = {
  stopped: 'stopped',
  already_ended: 'had ended',
  not_known: 'not known there',
  unreachable: 'unreachable',
  still_running: 'still running',
} as const satisfies Record<StopOutcome['outcome'], string>;

/** Whether somebody should look at a proc mesh, unless it has been seen: it failed, or some proc of it did, or is not heard of. */
export function needsAttention(
  procMesh: Pick<ProcMeshView, 'state' | 'counts' | 'residue' | 'stop' | 'failures' | 'seen'>,
): boolean {
  const { state, counts, residue, seen } = procMesh;
  if (seen !== null) return false;
  if (state === 'spawn_failed') return residue > 0 || !isCancelled(procMesh);
  return isEndState(state)
    ? state === 'failed' || state === 'lost'
    : counts.Failed + counts.Timeout + counts.Unknown > 0;
}

/** Somebody stopped the spawn before any rank had failed. */
const isCancelled = ({ stop, failures }: Pick<ProcMeshView, 'stop' | 'failures'>): boolean =>
  stop !== null && failures.length === 0;

/** Of how many procs nobody knows how they ended. */
export const openEnds = ({ counts, ends }: { counts: { total: number }; ends: EndCounts }): number =>
  counts.total - ends.succeeded - ends.failed - ends.stopped;

/** Who stopped procs, as the end of a clause: ` by ops`; empty where nobody noted it. */
export function byText(stop: ProcMeshStop | null): string {
  if (stop === null) return '';
  const by = stop.by === null ? '' : ` by ${stop.by}`;
  return by === '' || stop.how === 'requested' ? `${byHow[stop.how]}${by}` : `${byHow[stop.how]},${by}`;
}

const byHow: Record<ProcMeshStop['how'], string> = {
  requested: '',
  mesh_stopped: ' with their mesh',
  mesh_shut_down: ' when their mesh was shut down',
  mesh_replaced: ' when a later attach took their hosts',
  orphaned: ' as orphans',
  drained: ' when their host was drained',
  shut_down: ' when their host was shut down',
};
