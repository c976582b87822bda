import type { Orphan } from '@hostmesh/contract';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import {
  Code,
  codeColumn,
  numberColumn,
  sentenceColumn,
  timeColumn,
} from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { Until } from '../ui/time/time.tsx';

/** The columns of the list of orphans. */
export const orphanColumns: readonly Column<Orphan>[] = [
  codeColumn('proc', 'Proc', ({ procId }) => procId, { width: 220, grow: true }),
  codeColumn('program', 'Program', ({ program }) => program, { width: 140 }),
  sentenceColumn('reason', 'Why it is here', ({ reason }) => reason, {
    width: 260,
    grow: true,
    narrow: true,
  }),
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
      <AppLink href={links.meshHost(meshId, hostRank)}>
        <Code text={hostAddress} />
      </AppLink>
    ),
    width: 200,
  },
  { id: 'state', header: 'State', value: ({ statusText }) => statusText, width: 130 },
  timeColumn('started', 'Started', ({ startedAt }) => startedAt, { width: 100, hidden: true }),
  numberColumn('pid', 'Pid', ({ pid }) => pid, { width: 90, hidden: true }),
  codeColumn('proc_mesh', 'Proc mesh', ({ procMeshId }) => procMeshId, { width: 200, hidden: true }),
  numberColumn('rank', 'Rank', ({ rank }) => rank, { width: 72, hidden: true }),
];
