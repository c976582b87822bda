import type { LadderStep } from '@hostmesh/core';

/**
 * How a stop went for one proc (reference section 11, "Improve on it").
 * - `stopped`: its whole process group is gone; `endedBy` says after which step of the ladder
 * - `already_ended`: it had ended before
 * - `not_known`: its host does not have it
 * - `unreachable`: its host does not answer, so nobody knows
 * - `still_running`: its host was asked, and it had not ended by the deadline
 */
export interface ProcStopOutcome {
  readonly rank: number;
  readonly hostRank: number;
  readonly procId: string;
  readonly outcome: 'stopped' | 'already_ended' | 'not_known' | 'unreachable' | 'still_running';
  readonly endedBy: LadderStep | null;
  readonly message: string;
}

/** Whether nothing of the proc can be left. */
export const isGone = ({ outcome }: ProcStopOutcome): boolean =>
  outcome === 'stopped' || outcome === 'already_ended' || outcome === 'not_known';

/** What is stopped, how, and why. */
export interface StopProcsOptions {
  /** Create ranks; all when absent. */
  readonly ranks?: readonly number[];
  /** Time for each step of the ladder; `PROCESS_EXIT_TIMEOUT` of the pushed config when absent. */
  readonly stepMs?: number;
  /** Total deadline; long enough for the whole ladder when absent. */
  readonly timeoutMs?: number;
  readonly cause?: 'requested' | 'rolled_back';
  /** In whose name, for people. */
  readonly causeText: string;
}
