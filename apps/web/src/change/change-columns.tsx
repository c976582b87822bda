import { changedByText, changeOfText, stateWord, type Change } from '@hostmesh/contract';
import { printDuration } from '@hostmesh/core';
import { codeColumn, sentenceColumn, timeColumn } from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { ChangeOfLink } from './change-of.tsx';

/** The columns of the list of all changes. */
export const changeColumns: readonly Column<Change>[] = [
  timeColumn('when', 'When', ({ at }) => at, { width: 90 }),
  codeColumn('at', 'At', ({ at }) => at, { width: 190 }),
  {
    id: 'of',
    header: 'Of',
    value: ({ of }) => changeOfText(of),
    cell: ({ of }) => <ChangeOfLink of={of} />,
    width: 260,
    grow: true,
    narrow: true,
  },
  { id: 'kind', header: 'Kind', value: ({ of }) => of.kind, match: 'exact', width: 90, hidden: true },
  { id: 'from', header: 'Was', value: ({ from }) => from && stateWord(from), width: 110 },
  { id: 'state', header: 'Became', value: ({ to }) => stateWord(to), width: 110, narrow: true },
  {
    id: 'for',
    header: 'For',
    value: ({ durationMs }) => (durationMs === null ? 'still' : printDuration(durationMs)),
    width: 110,
  },
  { id: 'by', header: 'By', value: changedByText, width: 150, narrow: true },
  sentenceColumn('why', 'Why', ({ why }) => why, { width: 260, grow: true }),
];
