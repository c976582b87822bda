/** A number with its thousands apart: `10,000`. */
export const formatCount = (count: number): string => count.toLocaleString('en');

/** A number with its noun: `1 host`, `10,000 hosts`. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
