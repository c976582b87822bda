import type { Column } from './column.ts';

/**
 * One word of a filter. A `key` term wants one of its values in a column, a `text` term wants its text anywhere
 * in the row; a leading `-` turns either around.
 */
export type FilterTerm =
  | { readonly kind: 'text'; readonly text: string; readonly negated: boolean }
  | {
      readonly kind: 'key';
      readonly key: string;
      readonly values: readonly string[];
      readonly negated: boolean;
    };

/** Schemes of addresses: `tcp:gpu7:26600` is text to look for, not a token. */
const schemes = new Set(['tcp', 'tls', 'metatls', 'quic', 'metaquic', 'unix', 'local', 'alias', 'sha256']);
const wordPattern = /(?:[^\s"]+|"[^"]*"?)+/g;

/** Reads `state:failed kind:ReplyTimedOut,Rejected -gpu0 "two words"`. Never fails: what is no token is text. */
export function parseFilter(text: string): readonly FilterTerm[] {
  return (text.match(wordPattern) ?? []).flatMap((word): FilterTerm[] => {
    const negated = word.length > 1 && word.startsWith('-');
    const body = negated ? word.slice(1) : word;
    const token = /^([a-z][a-z_-]*):(.*)$/is.exec(body);
    const key = token?.[1] ?? '';
    if (token === null || schemes.has(key.toLowerCase())) {
      const plain = unquote(body);
      return plain === '' ? [] : [{ kind: 'text', text: plain.toLowerCase(), negated }];
    }
    const values = unquote(token[2] ?? '')
      .split(',')
      .map(plain)
      .filter((value) => value !== '');
    // `state:` while it is being typed: nothing is wanted yet.
    return values.length === 0 ? [] : [{ kind: 'key', key, values, negated }];
  });
}

const unquote = (text: string) => text.replaceAll('"', '');
/** `awaiting_ack`, `awaiting ack` and `Awaiting-Ack` are the same to a reader. */
const plain = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');

const findColumn = <Row>(columns: readonly Column<Row>[], key: string) =>
  columns.find((column) => plain(column.id) === plain(key));

/** Keys of tokens that no column has, to be said aloud rather than to match nothing in silence. */
export const unknownKeys = <Row>(
  terms: readonly FilterTerm[],
  columns: readonly Column<Row>[],
): readonly string[] =>
  terms.flatMap((term) =>
    term.kind === 'key' && findColumn(columns, term.key) === undefined ? [term.key] : [],
  );

/** All that a row says, in lower case: what text terms are looked for in. */
export const textOfRow = <Row>(row: Row, columns: readonly Column<Row>[]): string =>
  columns
    .map((column) => column.value(row) ?? '')
    .join('\n')
    .toLowerCase();

/** A test for rows: all terms must hold. Terms with unknown keys are left out. */
export function rowMatcher<Row>(
  terms: readonly FilterTerm[],
  columns: readonly Column<Row>[],
  textOf: (row: Row) => string = (row) => textOfRow(row, columns),
): (row: Row) => boolean {
  const tests = terms.flatMap((term) => {
    const test = termMatcher(term, columns, textOf);
    return test === null ? [] : [term.negated ? (row: Row) => !test(row) : test];
  });
  return (row) => tests.every((test) => test(row));
}

function termMatcher<Row>(
  term: FilterTerm,
  columns: readonly Column<Row>[],
  textOf: (row: Row) => string,
): ((row: Row) => boolean) | null {
  if (term.kind === 'text') return (row) => textOf(row).includes(term.text);
  const column = findColumn(columns, term.key);
  if (column === undefined) return null;
  const isWanted: (value: string) => boolean =
    column.match === 'exact'
      ? (value) => term.values.includes(value)
      : (value) => term.values.some((wanted) => value.includes(wanted));
  return (row) => isWanted(plain(String(column.value(row) ?? 'none')));
}

/** `text` with the token `key:value` in it, replacing a token of the same key; an empty value takes it out. */
export function withToken(text: string, key: string, value: string): string {
  const others = (text.match(wordPattern) ?? []).filter(
    (word) => !word.toLowerCase().startsWith(`${key.toLowerCase()}:`),
  );
  const token = value === '' ? [] : [`${key}:${/\s/.test(value) ? `"${value}"` : value}`];
  return [...others, ...token].join(' ');
}
