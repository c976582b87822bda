import type { ConfigKeyInfo } from '@hostmesh/contract';
import type { Column } from '../../../ui/data-table/column.ts';

/** A declared key with what the snapshot says about it now; both null for keys that are not sent. */
export interface KeyRow extends ConfigKeyInfo {
  readonly now: string | null;
  readonly source: string | null;
}

const code = (text: string | null) =>
  text !== null && <code translate="no">{text === '' ? '(empty)' : text}</code>;

/** The columns of the list of declared keys. */
export const keyColumns: readonly Column<KeyRow>[] = [
  { id: 'key', header: 'Key', value: (row) => row.key, cell: (row) => code(row.key), width: 330, grow: true },
  {
    id: 'value',
    header: 'Value now',
    value: (row) => row.now,
    cell: (row) => (row.now === null ? <span className="quiet">not sent</span> : code(row.now)),
    width: 150,
    grow: true,
    narrow: true,
  },
  { id: 'source', header: 'From', value: (row) => row.source, width: 110, match: 'exact' },
  {
    id: 'default',
    header: 'Default',
    value: (row) => row.defaultValue,
    cell: (row) => code(row.defaultValue),
    width: 140,
  },
  { id: 'type', header: 'Type', value: (row) => row.type, width: 130 },
  { id: 'sent', header: 'Sent', value: (row) => (row.propagates ? 'yes' : 'no'), width: 70, match: 'exact' },
  {
    id: 'secret',
    header: 'Secret',
    value: (row) => (row.secret ? 'yes' : 'no'),
    width: 80,
    match: 'exact',
    hidden: true,
  },
  {
    id: 'env',
    header: 'Environment',
    value: (row) => row.envVar,
    cell: (row) => code(row.envVar),
    width: 340,
    hidden: true,
  },
  { id: 'meaning', header: 'Meaning', value: (row) => row.description, width: 360, hidden: true },
];
