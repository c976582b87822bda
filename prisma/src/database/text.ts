/**
 * Text as Postgres can hold it: NUL and halves of surrogate pairs become U+FFFD. Hosts may send anything
 * (design section 9), and one such character must not cost the results of a whole batch.
 */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** JSON of rows for one batch statement, every text in it storable. */
export const jsonRows = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value));

/**
 * A `contains` filter that ignores case. Prisma passes text on to LIKE as it is, where `%` and `_` would
 * match anything.
 */
export const containing = (text: string) => ({
  contains: storable(text).replace(/[\\%_]/g, '\\$&'),
  mode: 'insensitive' as const,
});
