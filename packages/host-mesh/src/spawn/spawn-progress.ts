import { isFinalView, type ProcView } from '../proc/proc-view.ts';

/**
 * How far the spawn of one rank has got.
 * - `pending`: it is not ready yet, and may still become so
 * - `ready`: it was, once; one that runs to its end without a failure was, too
 * - `failed`: it ended, and nothing will start it again
 */
export type RankSpawn = 'pending' | 'ready' | 'failed';

/** The next state, from what its proc is now. A rank that was ready can still fail while others are pending. */
function stepRankSpawn(state: RankSpawn, view: ProcView): RankSpawn {
  if (state === 'failed') return state;
  if (view.kind !== 'heard') return isFinalView(view) ? 'failed' : state;
  const { status, end, report } = view.last;
  // A proc that was asked to stop has not run to its end, whatever its exit code.
  const ranToItsEnd = status.kind === 'Stopped' && report?.cause === null;
  if (status.kind === 'Running' || ranToItsEnd) return 'ready';
  return end === null ? state : 'failed';
}

/** The ranks of one spawn together: how many are ready, failed, or neither. Does nothing by itself. */
export class SpawnProgress {
  readonly #ranks: RankSpawn[];
  readonly #counts: Record<RankSpawn, number>;

  constructor(total: number) {
    this.#ranks = Array.from({ length: total }, () => 'pending' as const);
    this.#counts = { pending: total, ready: 0, failed: 0 };
  }

  get failed(): number {
    return this.#counts.failed;
  }

  /** Whether every rank is ready or has failed. */
  get settled(): boolean {
    return this.#counts.pending === 0;
  }

  ranksThat(are: RankSpawn): readonly number[] {
    return this.#ranks.flatMap((state, rank) => (state === are ? [rank] : []));
  }

  /** What is known of the proc at a rank has changed. */
  step(rank: number, view: ProcView): void {
    this.#become(rank, stepRankSpawn(this.#ranks[rank] ?? 'pending', view));
  }

  /** Counts the rank as failed: its host cannot be asked what became of it. */
  giveUp(rank: number): void {
    this.#become(rank, 'failed');
  }

  #become(rank: number, after: RankSpawn): void {
    const before = this.#ranks[rank];
    if (before === undefined) throw new RangeError(`no such rank: ${rank}`);
    this.#counts[before] -= 1;
    this.#counts[after] += 1;
    this.#ranks[rank] = after;
  }
}
