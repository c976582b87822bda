import type { Orphan } from '@hostmesh/contract';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { Time, Until } from '../ui/time/time.tsx';

const code = (text: string | null) =>
  text !== null && (
    <code translate="no" title={text}>
      {text}
    </code>
  );

/** The columns of the list of orphans. */
export const orphanColumns: readonly Column<Orphan>[] = [
  {
    id: 'proc',
    header: 'Proc',
    value: ({ procId }) => procId,
    cell: ({ procId }) => code(procId),
    width: 220,
    grow: true,
  },
  {
    id: 'program',
    header: 'Program',
    value: ({ program }) => program,
    cell: ({ program }) => code(program),
    width: 140,
  },
  {
    id: 'reason',
    header: 'Why it is here',
    value: ({ reason }) => reason,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
    width: 260,
    grow: true,
    narrow: true,
  },
  { id: 'owner', header: 'Owner', value: ({ owner }) => owner, width: 140 },
  {
    id: 'reaped',
    header: 'Reaped',
    value: ({ reapedAt }) => reapedAt,
    cell: ({ reapedAt }) => (reapedAt === null ? 'never' : <Until at={reapedAt} />),
    width: 110,
    narrow: true,
  },
  {
    id: 'address',
    header: 'Host',
    value: ({ hostAddress }) => hostAddress,
    cell: ({ hostAddress, meshId, hostRank }) => (
      <AppLink href={links.meshHost(meshId, hostRank)}>{code(hostAddress)}</AppLink>
    ),
    width: 200,
  },
  { id: 'state', header: 'State', value: ({ statusText }) => statusText, width: 130 },
  {
    id: 'started',
    header: 'Started',
    value: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => startedAt !== null && <Time at={startedAt} />,
    width: 100,
    hidden: true,
  },
  {
    id: 'pid',
    header: 'Pid',
    value: ({ pid }) => pid,
    width: 90,
    numeric: true,
    match: 'exact',
    hidden: true,
  },
  {
    id: 'proc_mesh',
    header: 'Proc mesh',
    value: ({ procMeshId }) => procMeshId,
    cell: ({ procMeshId }) => code(procMeshId),
    width: 200,
    hidden: true,
  },
  {
    id: 'rank',
    header: 'Rank',
    value: ({ rank }) => rank,
    width: 72,
    numeric: true,
    match: 'exact',
    hidden: true,
  },
];
