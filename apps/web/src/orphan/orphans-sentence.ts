import type { OrphansReply } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';

/** What was found, and how many hosts did not answer. */
export function orphansSentence({ items, unreachable, asked }: OrphansReply): string {
  const silent = unreachable.length === 0 ? '' : ` ${countOf(unreachable.length, 'host')} did not answer.`;
  if (items.length > 0) {
    return `${countOf(items.length, 'proc')} that no live proc mesh accounts for; ${leftOf(items)}.${silent}`;
  }
  if (unreachable.length === 0) return 'No proc runs that nobody accounts for.';
  if (asked <= unreachable.length)
    return `None of the ${countOf(asked, 'host')} answered, so no orphan is known.`;
  return `None on the ${formatCount(asked - unreachable.length)} of ${countOf(asked, 'host')} that answered;${silent}`;
}

function leftOf(items: OrphansReply['items']): string {
  const never = items.filter(({ reapedAt }) => reapedAt === null).length;
  return never === 0
    ? 'all are stopped by their hosts in time'
    : `${formatCount(never)} of them will run until somebody stops them`;
}
