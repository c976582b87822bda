import { fail, ok, type Fault, type Result } from '../fault.ts';

/**
 * Labelled sizes, dense from rank 0; the last label varies fastest (reference 3.1). Labels are distinct, sizes are
 * whole and not negative.
 */
export interface Extent {
  readonly labels: readonly string[];
  readonly sizes: readonly number[];
}

/** Why labels and sizes are no extent. */
export type ExtentFault = Fault<'overlapping_label' | 'dimension_mismatch'>;

/** An extent of labels and sizes, in this order. */
export function makeExtent(labels: readonly string[], sizes: readonly number[]): Result<Extent, ExtentFault> {
  if (labels.length !== sizes.length) {
    const message = `label/sizes dimension mismatch: ${labels.length} != ${sizes.length}`;
    return fail({ code: 'dimension_mismatch', message });
  }
  const repeated = labels.find((label, index) => labels.indexOf(label) !== index);
  if (repeated !== undefined) {
    return fail({ code: 'overlapping_label', message: `overlapping label found: ${repeated}` });
  }
  return ok({ labels, sizes });
}

/** The extent of a record such as `{ hosts: 2, gpus: 4 }`, whose labels are distinct by nature. */
export function extentOf(sizes: Readonly<Record<string, number>>): Extent {
  return { labels: Object.keys(sizes), sizes: Object.values(sizes) };
}

/** The product of the sizes; without dimensions there is one rank. */
export function numRanks(extent: { readonly sizes: readonly number[] }): number {
  return extent.sizes.reduce((product, size) => product * size, 1);
}

/** Appends the dimensions of `b`: associative, with `extentOf({})` as its identity. Shared labels are refused. */
export function concatExtents(a: Extent, b: Extent): Result<Extent, ExtentFault> {
  return makeExtent([...a.labels, ...b.labels], [...a.sizes, ...b.sizes]);
}

/** `{x: 4, y: 5}`. */
export function printExtent(extent: Extent): string {
  return `{${extent.labels.map((label, index) => `${label}: ${extent.sizes[index]}`).join(', ')}}`;
}

/** Row-major coordinates of an ordinal below the product of `sizes`. */
export function coordsOfOrdinal(sizes: readonly number[], ordinal: number): number[] {
  let rest = ordinal;
  return sizes
    .toReversed()
    .map((size) => {
      const coord = rest % size;
      rest = Math.floor(rest / size);
      return coord;
    })
    .toReversed();
}

/** Inverse of `coordsOfOrdinal`. */
export function ordinalOfCoords(sizes: readonly number[], coords: readonly number[]): number {
  return sizes.reduce((ordinal, size, index) => ordinal * size + (coords[index] ?? 0), 0);
}
