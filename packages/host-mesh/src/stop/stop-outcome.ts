import type { LadderStep } from '@hostmesh/core';
import { printCallFault, type CallFault } from '../call/call-fault.ts';
import { printElapsed } from '../links/phase.ts';
import type { ProcObservation } from '../proc/proc-observation.ts';
import { isFinalView, type ProcView } from '../proc/proc-view.ts';

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
export const isSurelyGone = ({ outcome }: ProcStopOutcome): boolean =>
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

/**
 * What a stop came to for one proc: from how it was known before and after, and why its host did not take the stop, if
 * it did not.
 */
export function stopOutcome(
  proc: ProcObservation,
  before: ProcView,
  after: ProcView,
  fault: CallFault | null,
  timeoutMs: number,
): ProcStopOutcome {
  const { rank, hostRank, procId, report, text } = proc;
  const tell = (outcome: ProcStopOutcome['outcome'], message = text): ProcStopOutcome => ({
    rank,
    hostRank,
    procId,
    outcome,
    endedBy: report?.endedBy ?? null,
    message,
  });
  if (after.kind === 'heard' && after.last.end !== null) {
    // An end without a cause was not our doing, even if it came during the stop.
    return tell(isFinalView(before) || report?.cause === null ? 'already_ended' : 'stopped');
  }
  if (isFinalView(after)) return tell('not_known');
  if (fault !== null)
    return tell(fault.kind === 'refused' ? 'still_running' : 'unreachable', printCallFault(fault));
  if (after.kind === 'silent') return tell('unreachable');
  return tell('still_running', `had not ended within ${printElapsed(timeoutMs)}: ${text}`);
}
