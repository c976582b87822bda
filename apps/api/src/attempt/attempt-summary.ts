import type { AttemptCounts, AttemptState } from '@hostmesh/contract';

const hosts = (count: number) => (count === 1 ? '1 host' : `${count} hosts`);
/** A part of a whole, as in "1 of 5 hosts"; the whole is never in the singular. */
const ofHosts = (count: number, total: number) => `${count} of ${total} hosts`;

/** One sentence for people on how an attempt went; `reason` is why it ended when its hosts do not tell. */
export function summariseAttempt(state: AttemptState, counts: AttemptCounts, reason: string | null): string {
  const { total, installed, failed, pending } = counts;
  switch (state) {
    case 'running':
      return `${ofHosts(installed, total)} installed the config, ${failed} failed, ${pending} to go.`;
    case 'attached':
      return total === 1 ? 'The host installed the config.' : `All ${total} hosts installed the config.`;
    case 'failed':
      return `${ofHosts(failed, total)} did not install the config${untried(pending)}.${cleanUp(counts)}`;
    case 'cancelled':
      return `Cancelled when ${ofHosts(installed, total)} had installed the config.${cleanUp(counts)}`;
    case 'interrupted':
      return `${reason ?? 'The API stopped while the attempt ran'}; ${ofHosts(installed, total)} had installed the config.${cleanUp(counts)}`;
  }
}

const untried = (pending: number) =>
  pending === 0 ? '' : `, and ${hosts(pending)} ${pending === 1 ? 'was' : 'were'} not tried`;

/** What is left on hosts, what is not known yet first. */
function cleanUp({ restoring, restored, residue }: AttemptCounts): string {
  const parts: string[] = [];
  if (restoring > 0)
    parts.push(`${hosts(restoring)} ${restoring === 1 ? 'is' : 'are'} still being asked to restore`);
  if (restored > 0)
    parts.push(`${hosts(restored)} got back what ${restored === 1 ? 'it' : 'they'} had before`);
  if (residue > 0) parts.push(`${hosts(residue)} may still hold it`);
  return parts.length === 0 ? '' : ` ${parts.join('; ')}.`;
}
