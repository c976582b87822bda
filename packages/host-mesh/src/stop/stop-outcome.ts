import { printAskFault, type AskFault } from '../ask/ask-fault.ts';
import type { ProcObservation } from '../proc/proc-observation.ts';
import { isFinalView, type ProcView } from '../proc/proc-view.ts';
import { printElapsed } from '../push/config-push-failure.ts';
import type { ProcStopOutcome } from './proc-stop-outcome.ts';

/**
 * What a stop came to for one proc: from how it was known before and after, and why its host did not take the stop, if
 * it did not.
 */
export function stopOutcome(
  proc: ProcObservation,
  before: ProcView,
  after: ProcView,
  fault: AskFault | null,
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
  if (after.kind === 'heard' && after.last.isFinal) {
    // An end that nobody asked for was not our doing, even when it came while we were asking.
    return tell(isFinalView(before) || report?.cause === null ? 'already_ended' : 'stopped');
  }
  if (isFinalView(after)) return tell('not_known');
  if (fault !== null)
    return tell(fault.kind === 'refused' ? 'still_running' : 'unreachable', printAskFault(fault));
  if (after.kind === 'silent') return tell('unreachable');
  return tell('still_running', `had not ended within ${printElapsed(timeoutMs)}: ${text}`);
}
