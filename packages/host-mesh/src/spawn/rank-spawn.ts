import { isFinalView, type ProcView } from '../proc/proc-view.ts';

/**
 * How far the spawn of one rank has got.
 * - `pending`: it is not ready yet, and may still become so
 * - `ready`: it was, once; one that runs to its end without a failure was, too
 * - `failed`: it ended, and nothing will start it again
 */
export type RankSpawn = 'pending' | 'ready' | 'failed';

/** The next state, from what its proc is now. A rank that was ready can still fail while others are pending. */
export function stepRankSpawn(state: RankSpawn, view: ProcView): RankSpawn {
  if (state === 'failed') return state;
  if (view.kind !== 'heard') return isFinalView(view) ? 'failed' : state;
  const { status, isFinal, report } = view.last;
  // An end that somebody asked for leaves no proc behind, however well it went.
  const ranToItsEnd = status.kind === 'Stopped' && report?.cause === null;
  if (status.kind === 'Running' || ranToItsEnd) return 'ready';
  return isFinal ? 'failed' : state;
}
