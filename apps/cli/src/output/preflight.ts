import type { PreflightReply } from '@hostmesh/contract';
import { table } from './table.ts';

/** What each host would be sent, and what to look at before it is. */
export function preflightText({ counts, digest, hosts }: PreflightReply): string {
  const verdict = `${counts.reachable} of ${counts.total} hosts answer; ${counts.changed} would change; ${counts.warned} have warnings`;
  const rows = table(hosts, [
    { title: 'rank', of: ({ rank }) => String(rank) },
    { title: 'address', of: ({ address }) => address },
    { title: 'host', of: ({ hostId }) => hostId ?? '-' },
    { title: 'agent', of: ({ agentVersion }) => agentVersion ?? '-' },
    { title: 'changes', of: ({ changes, reachable }) => (reachable ? String(changes.length) : '-') },
    {
      title: 'shadowed',
      of: ({ shadowedKeys }) => shadowedKeys.map(({ key, layer }) => `${key} by ${layer}`).join(', '),
    },
    {
      title: 'to look at',
      of: ({ failure, warnings }) => [failure?.message ?? '', ...warnings].filter(Boolean).join('; '),
    },
  ]);
  return `${verdict}\nsnapshot ${digest}\n\n${rows}`;
}
