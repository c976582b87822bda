import type { Proc } from '@hostmesh/contract';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { Time } from '../ui/time/time.tsx';

const code = (text: string | null) =>
  text !== null && (
    <code translate="no" title={text}>
      {text}
    </code>
  );

const rank: Column<Proc> = {
  id: 'rank',
  header: 'Rank',
  value: ({ rank }) => rank,
  width: 76,
  numeric: true,
  match: 'exact',
};
const status: Column<Proc> = {
  id: 'status',
  header: 'Status',
  value: ({ status }) => status,
  cell: ({ status }) => <StateMark mark={procMarks[status]} />,
  width: 130,
  match: 'exact',
  narrow: true,
};
const text: Column<Proc> = {
  id: 'text',
  header: 'What happened',
  value: ({ statusText }) => statusText,
  cell: ({ statusText }) => <span title={statusText}>{statusText}</span>,
  width: 220,
  grow: true,
  narrow: true,
};
const address: Column<Proc> = {
  id: 'address',
  header: 'Host',
  value: ({ hostAddress }) => hostAddress,
  cell: ({ hostAddress }) => code(hostAddress),
  width: 200,
  grow: true,
};
const id: Column<Proc> = {
  id: 'id',
  header: 'Proc',
  value: ({ id }) => id,
  cell: ({ id }) => code(id),
  width: 220,
};

const rest: readonly Column<Proc>[] = [
  {
    id: 'since',
    header: 'Since',
    value: ({ since }) => since,
    cell: ({ since }) => <Time at={since} />,
    width: 100,
  },
  {
    id: 'restarts',
    header: 'Restarts',
    value: ({ restarts }) => restarts,
    width: 90,
    numeric: true,
    match: 'exact',
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
    id: 'exit',
    header: 'Exit code',
    value: ({ exitCode }) => exitCode,
    width: 90,
    numeric: true,
    match: 'exact',
    hidden: true,
  },
  { id: 'signal', header: 'Signal', value: ({ signal }) => signal, width: 100, match: 'exact', hidden: true },
  {
    id: 'ended_by',
    header: 'Ended by',
    value: ({ endedBy }) => endedBy,
    width: 100,
    match: 'exact',
    hidden: true,
  },
  {
    id: 'heard',
    header: 'Last heard',
    value: ({ lastHeardAt }) => lastHeardAt,
    cell: ({ lastHeardAt }) => lastHeardAt !== null && <Time at={lastHeardAt} />,
    width: 105,
    hidden: true,
  },
  {
    id: 'started',
    header: 'Started',
    value: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => startedAt !== null && <Time at={startedAt} />,
    width: 100,
    hidden: true,
  },
  {
    id: 'generation',
    header: 'Generation',
    value: ({ generation }) => generation,
    width: 100,
    numeric: true,
    hidden: true,
  },
  {
    id: 'point',
    header: 'Point',
    value: ({ point }) => point,
    cell: ({ point }) => code(point),
    width: 170,
    hidden: true,
  },
  {
    id: 'host_id',
    header: 'Host id',
    value: ({ hostId }) => hostId,
    cell: ({ hostId }) => code(hostId),
    width: 190,
    hidden: true,
  },
  {
    id: 'adopted',
    header: 'Adopted',
    value: ({ adopted }) => (adopted ? 'yes' : 'no'),
    width: 90,
    match: 'exact',
    hidden: true,
  },
];

const hostRank = (hidden: boolean): Column<Proc> => ({
  id: 'host',
  header: 'Host rank',
  value: ({ hostRank }) => hostRank,
  width: 96,
  numeric: true,
  match: 'exact',
  hidden,
});

/** Columns of the procs of one proc mesh: `status:failed rank:3 host:1`. */
export const meshProcColumns: readonly Column<Proc>[] = [
  rank,
  status,
  text,
  hostRank(false),
  address,
  ...rest,
  { ...id, hidden: true },
];

/** Columns of the procs of all proc meshes. */
export const allProcColumns: readonly Column<Proc>[] = [
  id,
  status,
  text,
  {
    id: 'name',
    header: 'Proc mesh',
    value: ({ name }) => name,
    cell: ({ name, procMeshId }) => (
      <AppLink href={links.procMesh(procMeshId)} tabIndex={-1}>
        {name}
      </AppLink>
    ),
    width: 140,
    match: 'exact',
  },
  rank,
  hostRank(true),
  address,
  ...rest,
];
