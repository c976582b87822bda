/** A number with its thousands apart: `10,000`. */
export const formatCount = (count: number): string => count.toLocaleString('en');

/** `one` for a single one, else `many`: also for the words around a number, as in `is` and `are`. */
export const oneOrMany = (count: number, one: string, many: string): string => (count === 1 ? one : many);

/** A number with its noun: `1 host`, `10,000 hosts`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${oneOrMany(count, one, many)}`;

/** The whole of something, before what is said of it: `The host`, `All 4 hosts`. */
export const allOf = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? `The ${one}` : `All ${countOf(count, one, many)}`;

/** How often: `once`, `3 times`. */
export const timesText = (count: number): string => (count === 1 ? 'once' : `${formatCount(count)} times`);
