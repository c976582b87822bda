import { ineffectiveKeys, keysWithoutEffectText, type HostResult } from '@hostmesh/contract';
import {
  addressColumn,
  idColumn,
  numberColumn,
  sentenceColumn,
  stateColumn,
} from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { hostResultMark, restoreMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';

const codeOf = ({ failure }: HostResult): string | null =>
  (failure !== null && 'code' in failure ? failure.code : null) ?? null;

const restoreNote = ({ restore }: HostResult): string | null => {
  if (restore?.kind === 'residue') return restore.reason;
  return restore?.kind === 'restored' && restore.lateInstall ? 'had installed after the deadline' : null;
};

const ms = (value: number | null) => (value === null ? '' : value < 10 ? value.toFixed(1) : value.toFixed(0));

/** Columns of the result per host; the table filters by their ids: `state:failed kind:ReplyTimedOut gpu0`. */
export const hostResultColumns: readonly Column<HostResult>[] = [
  addressColumn(),
  numberColumn('rank', 'Rank', ({ rank }) => rank, { width: 64 }),
  stateColumn(({ state }) => state, hostResultMark, { width: 130 }),
  {
    id: 'cause',
    header: 'Cause',
    value: ({ failure }) => failure?.message ?? null,
    width: 220,
    grow: true,
    narrow: true,
  },
  {
    id: 'kind',
    header: 'Kind',
    value: ({ failure }) => failure?.kind ?? null,
    width: 130,
    match: 'exact',
    hidden: true,
  },
  { id: 'code', header: 'Code', value: codeOf, width: 130, match: 'exact', hidden: true },
  {
    id: 'restore',
    header: 'Clean-up',
    value: ({ restore }) => restore?.kind ?? null,
    cell: (host) =>
      host.restore === null ? (
        ''
      ) : (
        <span title={restoreNote(host) ?? undefined}>
          <StateMark mark={restoreMarks[host.restore.kind]} />
          {restoreNote(host) !== null && <span className="quiet"> {restoreNote(host)}</span>}
        </span>
      ),
    width: 150,
    match: 'exact',
  },
  sentenceColumn(
    'without_effect',
    'Without effect',
    (host) => (host.state === 'installed' ? keysWithoutEffectText(ineffectiveKeys(host)) || null : null),
    { width: 160 },
  ),
  {
    id: 'replaced',
    header: 'Replaced config of',
    value: ({ tookOverFrom }) => tookOverFrom,
    width: 160,
    hidden: true,
  },
  idColumn('host', 'Host id', ({ hostId }) => hostId, { width: 190, hidden: true }),
  { id: 'agent', header: 'Agent', value: ({ agentVersion }) => agentVersion, width: 90, hidden: true },
  {
    id: 'connect',
    header: 'Connect ms',
    value: ({ connectMs }) => connectMs,
    cell: ({ connectMs }) => ms(connectMs),
    width: 100,
    numeric: true,
  },
  {
    id: 'ack',
    header: 'Ack ms',
    value: ({ ackMs }) => ackMs,
    cell: ({ ackMs }) => ms(ackMs),
    width: 80,
    numeric: true,
  },
];
