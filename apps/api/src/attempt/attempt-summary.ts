import { withoutEffectText, type AttemptCounts, type AttemptState } from '@hostmesh/contract';
import { allOf, countOf, formatCount, oneOrMany } from '@hostmesh/core';

const hosts = (count: number) => countOf(count, 'host');
const ofHosts = (count: number, total: number) => `${formatCount(count)} of ${hosts(total)}`;

/** One sentence for people on how an attempt went; `reason` is why it ended when its hosts do not tell. */
export function summariseAttempt(state: AttemptState, counts: AttemptCounts, reason: string | null): string {
  const { total, installed, failed, pending } = counts;
  switch (state) {
    case 'running':
      return `${ofHosts(installed, total)} installed the config, ${formatCount(failed)} failed, ${formatCount(pending)} to go.`;
    case 'attached':
      return `${allOf(total, 'host')} installed the config${shadowed(counts)}.`;
    case 'failed':
      return `${ofHosts(failed, total)} did not install the config${untried(pending)}.${cleanUp(counts)}`;
    case 'cancelled':
      return `Cancelled when ${ofHosts(installed, total)} had installed the config.${cleanUp(counts)}`;
    case 'interrupted':
      return `${reason ?? 'The API stopped while the attempt ran'}; ${ofHosts(installed, total)} had installed the config.${cleanUp(counts)}`;
  }
}

const shadowed = (counts: AttemptCounts) => {
  const text = withoutEffectText(counts);
  return text === '' ? '' : `, ${text}`;
};

const untried = (pending: number) =>
  pending === 0 ? '' : `, and ${hosts(pending)} ${oneOrMany(pending, 'was', 'were')} not tried`;

/** What is left on hosts, what is not known yet first. */
function cleanUp({ restoring, restored, residue }: AttemptCounts): string {
  const parts: string[] = [];
  if (restoring > 0)
    parts.push(`${hosts(restoring)} ${oneOrMany(restoring, 'is', 'are')} still being asked to restore`);
  if (restored > 0)
    parts.push(`${hosts(restored)} got back what ${oneOrMany(restored, 'it', 'they')} had before`);
  if (residue > 0) parts.push(`${hosts(residue)} may still hold it`);
  return parts.length === 0 ? '' : ` ${parts.join('; ')}.`;
}
