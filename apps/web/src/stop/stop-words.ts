import type { Proc } from '@hostmesh/contract';
import { countOf, formatCount } from '../ui/text/count.ts';
import { waitsForRestart } from '../standing/proc-mesh-standing.ts';

/** Which of the procs that are to be stopped cannot be asked now; null when all can. */
export function unheardWords(procs: readonly Pick<Proc, 'status' | 'hostRank'>[]): string | null {
  const unheard = procs.filter(({ status }) => status === 'Unknown');
  if (unheard.length === 0) return null;
  const hosts = new Set(unheard.map(({ hostRank }) => hostRank)).size;
  const where = hosts === 1 ? 'a host' : countOf(hosts, 'host');
  const isOrAre = unheard.length === 1 ? 'is' : 'are';
  return `${formatCount(unheard.length)} of these ${isOrAre} on ${where} that cannot be heard: whether they end is not known before it can.`;
}

/** Which of them do not run and would be started again; null when none would. */
export function waitingWords(procs: readonly Pick<Proc, 'nextRestartAt'>[]): string | null {
  const waiting = procs.filter(waitsForRestart).length;
  if (waiting === 0) return null;
  return `Among them ${waiting === 1 ? 'is 1 that waits' : `are ${formatCount(waiting)} that wait`} for a restart.`;
}
