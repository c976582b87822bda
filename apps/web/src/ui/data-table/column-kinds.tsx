import { Time } from '../time/time.tsx';
import type { Column } from './column.ts';

/** How wide a column is, and when it is shown. */
type Place = Omit<Column<unknown>, 'id' | 'header' | 'value' | 'cell'>;

/** An id or an address: monospaced, whole on hover. */
export const codeColumn = <Row,>(
  id: string,
  header: string,
  value: (row: Row) => string | null,
  place: Place,
): Column<Row> => ({ id, header, value, cell: (row) => <Code text={value(row)} />, ...place });

/** A sentence, which may be cut: whole on hover. */
export const sentenceColumn = <Row,>(
  id: string,
  header: string,
  value: (row: Row) => string | null,
  place: Place,
): Column<Row> => ({
  id,
  header,
  value,
  cell: (row) => value(row) !== null && <span title={value(row) ?? ''}>{value(row)}</span>,
  ...place,
});

/** How long ago something was; empty where it never was. */
export const timeColumn = <Row,>(
  id: string,
  header: string,
  value: (row: Row) => string | null,
  place: Place,
): Column<Row> => ({
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
export const numberColumn = <Row,>(
  id: string,
  header: string,
  value: (row: Row) => number | null,
  place: Place,
): Column<Row> => ({ id, header, value, numeric: true, match: 'exact', ...place });

/** Text that is read letter by letter; nothing for null. */
export const Code = ({ text }: { text: string | null }) =>
  text !== null && (
    <code translate="no" title={text}>
      {text}
    </code>
  );
