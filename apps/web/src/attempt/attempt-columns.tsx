import type { AttemptSummary } from '@hostmesh/contract';
import { idColumn, numberColumn, stateColumn, timeColumn } from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { attemptMarks } from '../ui/state/mark.ts';
import { DigestText } from '../ui/text/mono.tsx';
import { Duration } from '../ui/time/time.tsx';

/** The columns of the list of attempts. */
export const attemptColumns: readonly Column<AttemptSummary>[] = [
  { id: 'mesh', header: 'Mesh', value: ({ mesh }) => mesh, width: 160, grow: true, match: 'exact' },
  stateColumn(
    ({ state }) => state,
    ({ state }) => attemptMarks[state],
    { width: 130 },
  ),
  { id: 'summary', header: 'Result', value: ({ summary }) => summary, width: 320, grow: true },
  {
    id: 'installed',
    header: 'Installed',
    value: ({ counts }) => counts.installed,
    cell: ({ counts }) => `${counts.installed} of ${counts.total}`,
    width: 110,
    numeric: true,
  },
  { id: 'failed', header: 'Failed', value: ({ counts }) => counts.failed, width: 80, numeric: true },
  numberColumn('without_effect', 'Without effect', ({ counts }) => counts.withoutEffect, {
    width: 125,
    hidden: true,
  }),
  timeColumn('started', 'Started', ({ startedAt }) => startedAt, { width: 110, narrow: true }),
  {
    id: 'took',
    header: 'Took',
    value: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) => (durationMs === null ? '' : <Duration ms={durationMs} />),
    width: 90,
    numeric: true,
  },
  { id: 'by', header: 'By', value: ({ requestedBy }) => requestedBy, width: 110 },
  { id: 'kind', header: 'Kind', value: ({ kind }) => kind, width: 80, match: 'exact', hidden: true },
  idColumn('id', 'Id', ({ id }) => id, { width: 220, hidden: true }),
  {
    id: 'config',
    header: 'Config',
    value: ({ configDigest }) => configDigest,
    cell: ({ configDigest }) => <DigestText digest={configDigest} />,
    width: 200,
    hidden: true,
  },
];
