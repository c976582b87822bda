import { procMeshStanding, type ProcMeshView } from '@hostmesh/contract';
import { formatCount } from '@hostmesh/core';
import { printCommand } from '../spawn/command-line.ts';
import { numberColumn, stateColumn, timeColumn } from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { Id } from '../ui/text/mono.tsx';

/** The columns of the list of proc meshes. */
export const procMeshColumns: readonly Column<ProcMeshView>[] = [
  { id: 'name', header: 'Procs', value: ({ name }) => name, width: 150, grow: true },
  stateColumn(({ state }) => state, procMeshStanding, { width: 260 }),
  {
    id: 'attention',
    header: 'Attention',
    value: ({ needsAttention, seen }) => (needsAttention ? 'needed' : seen && `seen by ${seen.by}`),
    width: 130,
    match: 'part',
    hidden: true,
  },
  { id: 'mesh', header: 'On', value: ({ mesh }) => mesh, width: 120, match: 'exact' },
  {
    id: 'running',
    header: 'Running',
    value: ({ counts }) => counts.Running,
    cell: ({ counts }) => `${formatCount(counts.Running)} of ${formatCount(counts.total)}`,
    width: 130,
    numeric: true,
  },
  numberColumn('failed', 'Failed', ({ counts }) => counts.Failed + counts.Timeout, { width: 80 }),
  numberColumn('unknown', 'Unknown', ({ counts }) => counts.Unknown, { width: 90 }),
  {
    id: 'command',
    header: 'Command',
    value: ({ command }) => printCommand(command.program, command.args),
    cell: ({ command }) => <code translate="no">{printCommand(command.program, command.args)}</code>,
    width: 220,
    grow: true,
  },
  timeColumn('created', 'Spawned', ({ createdAt }) => createdAt, { width: 105, narrow: true }),
  { id: 'by', header: 'By', value: ({ requestedBy }) => requestedBy, width: 110, hidden: true },
  {
    id: 'repairs',
    header: 'Repairs',
    value: ({ repairs }) => repairs,
    width: 90,
    numeric: true,
    hidden: true,
  },
  {
    id: 'id',
    header: 'Id',
    value: ({ id }) => id,
    cell: ({ id }) => <Id text={id} copy={false} />,
    width: 220,
    hidden: true,
  },
];
