import { procText, type Proc } from '@hostmesh/contract';
import { type AfterEnd, afterEndOf, shortDigest } from '@hostmesh/core';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import { codeColumn, numberColumn, sentenceColumn, timeColumn } from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';

const id = (hidden: boolean): Column<Proc> =>
  codeColumn('id', 'Proc', ({ id }) => id, { width: 220, hidden });
const rank: Column<Proc> = numberColumn('rank', 'Rank', ({ rank }) => rank, { width: 76 });
const status: Column<Proc> = {
  id: 'status',
  header: 'Status',
  value: ({ status }) => status,
  cell: ({ status }) => <StateMark mark={procMarks[status]} />,
  width: 130,
  match: 'exact',
  narrow: true,
};
const text: Column<Proc> = sentenceColumn('text', 'What happened', procText, {
  width: 220,
  grow: true,
  narrow: true,
});
const hostRank = (hidden: boolean): Column<Proc> =>
  numberColumn('host', 'Host rank', ({ hostRank }) => hostRank, { width: 96, hidden });
const address: Column<Proc> = codeColumn('address', 'Host', ({ hostAddress }) => hostAddress, {
  width: 200,
  grow: true,
});

const afterEndWords = {
  restarting: 'waits for a restart',
  lingering: 'has processes left',
  none: null,
} as const;

/** The filter of procs of which this is still to come after their end. */
export const afterEndFilter = (afterEnd: AfterEnd): string => `after:"${afterEndWords[afterEnd]}"`;

const rest: readonly Column<Proc>[] = [
  timeColumn('since', 'Since', ({ since }) => since, { width: 100 }),
  numberColumn('restarts', 'Restarts', ({ restarts }) => restarts, { width: 90 }),
  {
    id: 'after',
    header: 'After its end',
    value: (proc) => afterEndWords[afterEndOf(proc) ?? 'none'],
    width: 150,
    match: 'exact',
    hidden: true,
  },
  numberColumn('pid', 'Pid', ({ pid }) => pid, { width: 90, hidden: true }),
  numberColumn('exit', 'Exit code', ({ exitCode }) => exitCode, { width: 90, hidden: true }),
  { id: 'signal', header: 'Signal', value: ({ signal }) => signal, width: 100, match: 'exact', hidden: true },
  {
    id: 'ended_by',
    header: 'Ended by',
    value: ({ endedBy }) => endedBy,
    width: 100,
    match: 'exact',
    hidden: true,
  },
  timeColumn('heard', 'Last heard', ({ lastHeardAt }) => lastHeardAt, { width: 105, hidden: true }),
  timeColumn('started', 'Started', ({ startedAt }) => startedAt, { width: 100, hidden: true }),
  {
    id: 'generation',
    header: 'Generation',
    value: ({ generation }) => generation,
    width: 100,
    numeric: true,
    hidden: true,
  },
  codeColumn('point', 'Point', ({ point }) => point, { width: 170, hidden: true }),
  codeColumn('host_id', 'Host id', ({ hostId }) => hostId, { width: 190, hidden: true }),
  codeColumn('config', 'Config', ({ configDigest }) => configDigest && shortDigest(configDigest), {
    width: 190,
    hidden: true,
  }),
  {
    id: 'adopted',
    header: 'Adopted',
    value: ({ adopted }) => (adopted ? 'yes' : 'no'),
    width: 90,
    match: 'exact',
    hidden: true,
  },
];

/** Columns of the procs of one proc mesh: `status:failed rank:3 host:1`. */
export const meshProcColumns: readonly Column<Proc>[] = [
  rank,
  status,
  text,
  hostRank(false),
  address,
  ...rest,
  id(true),
];

/** Columns of the procs of all proc meshes. */
export const allProcColumns: readonly Column<Proc>[] = [
  id(false),
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
