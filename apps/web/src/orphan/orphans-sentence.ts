import type { Mesh, OrphansReply } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';

/**
 * How many hosts were asked; null when that is not known. The answer does not say. One attached mesh has as many as it
 * has hosts; several may share hosts.
 */
export function askedHosts(meshes: readonly Pick<Mesh, 'state' | 'hosts'>[] | undefined): number | null {
  const attached = meshes?.filter(({ state }) => state === 'attached') ?? [];
  return attached.length === 1 ? (attached[0]?.hosts.total ?? null) : null;
}

/** What was found, and how many hosts did not answer. `asked` is how many hosts were asked, null when that is not known. */
export function orphansSentence({ items, unreachable }: OrphansReply, asked: number | null): string {
  const silent = unreachable.length === 0 ? '' : ` ${countOf(unreachable.length, 'host')} did not answer.`;
  if (items.length > 0) {
    return `${countOf(items.length, 'proc')} that no live proc mesh accounts for; ${leftOf(items)}.${silent}`;
  }
  if (unreachable.length === 0) return 'No proc runs that nobody accounts for.';
  if (asked !== null && asked <= unreachable.length)
    return `None of the ${countOf(asked, 'host')} answered, so no orphan is known.`;
  const answered =
    asked === null
      ? 'the hosts that answered'
      : `the ${formatCount(asked - unreachable.length)} of ${countOf(asked, 'host')} that answered`;
  return `None on ${answered};${silent}`;
}

function leftOf(items: OrphansReply['items']): string {
  const never = items.filter(({ reapedAt }) => reapedAt === null).length;
  return never === 0
    ? 'all are stopped by their hosts in time'
    : `${formatCount(never)} of them will run until somebody stops them`;
}
