import { isGone, type Proc, type StopOutcome } from '@hostmesh/contract';
import { countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { waitsForRestart } from '../standing/proc-mesh-standing.ts';
import type { Notice } from '../ui/feedback/notices.tsx';
import { stopOutcomeMarks } from '../ui/state/mark.ts';

/**
 * A stop in figures. `total` is how many were asked to end. When some did not end, the API names only those: all others
 * ended.
 */
export function summarizeStop(outcomes: readonly StopOutcome[], total: number) {
  const notEnded = outcomes.filter((outcome) => !isGone(outcome));
  const bySteps = new Map<string, number>();
  for (const { endedBy, outcome } of outcomes) {
    if (outcome === 'stopped' && endedBy !== null) bySteps.set(endedBy, (bySteps.get(endedBy) ?? 0) + 1);
  }
  return {
    notEnded,
    ended: Math.max(0, total - notEnded.length),
    /** `10 when asked, 2 by SIGKILL`; empty when no host said. */
    steps: [...bySteps]
      .map(([step, count]) => `${formatCount(count)} ${step === 'asked' ? 'when asked' : `by ${step}`}`)
      .join(', '),
  };
}

/** As many ranks as a notice names. */
const NAMED = 5;

/** The report of a stop for somebody who did not wait for it: what did not end is named, and stays to be read. */
export function stopNotice(
  name: string,
  outcomes: readonly StopOutcome[],
  total: number,
): Pick<Notice, 'tone' | 'text'> {
  const { notEnded, ended } = summarizeStop(outcomes, total);
  const text = `Stop of ${name}: ${formatCount(ended)} of ${countOf(total, 'proc')} ended`;
  if (notEnded.length === 0) return { tone: 'good', text: `${text}.` };
  const named = notEnded
    .slice(0, NAMED)
    .map(({ rank, outcome }) => `rank ${rank} ${stopOutcomeMarks[outcome].word}`);
  const more = notEnded.length > NAMED ? ` and ${formatCount(notEnded.length - NAMED)} more` : '';
  return { tone: 'failed', text: `${text}. Not known to have ended: ${named.join(', ')}${more}.` };
}

/** Which of the procs that are to be stopped cannot be asked now; null when all can. */
export function unheardWords(procs: readonly Pick<Proc, 'status' | 'hostRank'>[]): string | null {
  const unheard = procs.filter(({ status }) => status === 'Unknown');
  if (unheard.length === 0) return null;
  const hosts = new Set(unheard.map(({ hostRank }) => hostRank)).size;
  const where = hosts === 1 ? 'a host' : countOf(hosts, 'host');
  const isOrAre = oneOrMany(unheard.length, 'is', 'are');
  return `${formatCount(unheard.length)} of these ${isOrAre} on ${where} that cannot be heard: whether they end is not known before it can.`;
}

/** Which of them do not run and would be started again; null when none would. */
export function waitingWords(procs: readonly Pick<Proc, 'nextRestartAt'>[]): string | null {
  const waiting = procs.filter(waitsForRestart).length;
  if (waiting === 0) return null;
  return `Among them ${waiting === 1 ? 'is 1 that waits' : `are ${formatCount(waiting)} that wait`} for a restart.`;
}
