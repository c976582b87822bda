import type { Mark } from '../state/mark.ts';
import { StateMark } from '../state/state-mark.tsx';
import { Address, Id } from '../text/mono.tsx';
import { Time } from '../time/time.tsx';
import type { Column } from './column.ts';

/** How wide a column is, and when it is shown. */
type Place = Omit<Column<unknown>, 'id' | 'header' | 'value' | 'cell'>;

/** Makes a column of what `value` says about a row. */
type ColumnKind<Value> = <Row>(
  id: string,
  header: string,
  value: (row: Row) => Value,
  place: Place,
) => Column<Row>;

/** An id or an address: monospaced, whole on hover. */
export const codeColumn: ColumnKind<string | null> = (id, header, value, place) => ({
  id,
  header,
  value,
  cell: (row) => <Code text={value(row)} />,
  ...place,
});

/** An id that is copied with one click. */
export const idColumn: ColumnKind<string | null> = (id, header, value, place) => ({
  id,
  header,
  value,
  cell(row) {
    const text = value(row);
    return text !== null && <Id text={text} />;
  },
  ...place,
});

/** A sentence, which may be cut: whole on hover. */
export const sentenceColumn: ColumnKind<string | null> = (id, header, value, place) => ({
  id,
  header,
  value,
  cell(row) {
    const text = value(row);
    return text !== null && <span title={text}>{text}</span>;
  },
  ...place,
});

/** How long ago something was; empty where it never was. */
export const timeColumn: ColumnKind<string | null> = (id, header, value, place) => ({
  id,
  header,
  value,
  cell(row) {
    const at = value(row);
    return at !== null && <Time at={at} />;
  },
  ...place,
});

/** A number that a filter names whole: `rank:3` is not 13. */
export const numberColumn: ColumnKind<number | null> = (id, header, value, place) => ({
  id,
  header,
  value,
  numeric: true,
  match: 'exact',
  ...place,
});

/** The address of a host that was asked for something, copied with one click. */
export const addressColumn = <Row extends { readonly address: string }>(): Column<Row> => ({
  id: 'address',
  header: 'Address',
  value: ({ address }) => address,
  cell: ({ address }) => <Address text={address} />,
  width: 200,
  grow: true,
  narrow: true,
});

/** The state of a row: filtered by its name, shown as shape and word. */
export const stateColumn = <Row,>(
  value: (row: Row) => string,
  markOf: (row: Row) => Mark,
  place: Place,
): Column<Row> => ({
  id: 'state',
  header: 'State',
  value,
  cell: (row) => <StateMark mark={markOf(row)} />,
  match: 'exact',
  narrow: true,
  ...place,
});

/** Text that is read letter by letter; nothing for null. */
export const Code = ({ text }: { text: string | null }) =>
  text !== null && (
    <code translate="no" title={text}>
      {text}
    </code>
  );
