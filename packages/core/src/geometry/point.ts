import { fail, ok, type Fault, type Result } from '../fault.ts';
import { parseDims, printDims, tokenize, type DimsFault } from './dims.ts';
import {
  coordsOfOrdinal,
  makeExtent,
  numRanks,
  ordinalOfCoords,
  type Extent,
  type ExtentFault,
} from './extent.ts';

/** A coordinate for each dimension of an extent, below its size (reference 3.1). */
export interface Point {
  readonly extent: Extent;
  readonly coords: readonly number[];
}

/** Why there is no such point in an extent. */
export type PointFault = Fault<'out_of_range' | 'dimension_mismatch'>;

/** A point, if the coordinates are as many as the dimensions and inside them. */
export function makePoint(extent: Extent, coords: readonly number[]): Result<Point, PointFault> {
  if (coords.length !== extent.sizes.length) {
    const message = `dimension mismatch: expected ${extent.sizes.length}, got ${coords.length}`;
    return fail({ code: 'dimension_mismatch', message });
  }
  const outside = extent.sizes.findIndex((size, index) => (coords[index] ?? 0) >= size);
  if (outside >= 0) {
    const message = `out of range: dim size ${extent.sizes[outside]}; does not contain index ${coords[outside]}`;
    return fail({ code: 'out_of_range', message });
  }
  return ok({ extent, coords });
}

/** The point at a row-major rank. */
export function pointOfRank(extent: Extent, rank: number): Result<Point, PointFault> {
  const total = numRanks(extent);
  if (rank >= total) {
    const message = `out of range: total ranks ${total}; does not contain rank ${rank}`;
    return fail({ code: 'out_of_range', message });
  }
  return ok({ extent, coords: coordsOfOrdinal(extent.sizes, rank) });
}

/** Inverse of `pointOfRank`. */
export function rankOfPoint(point: Point): number {
  return ordinalOfCoords(point.extent.sizes, point.coords);
}

/** `x=1/4,y=2/5`: coordinate and size. Without dimensions, the empty text. */
export function printPoint({ extent, coords }: Point): string {
  return printDims(
    extent.labels.map((label, index) => ({
      label,
      left: coords[index] ?? 0,
      right: extent.sizes[index] ?? 0,
    })),
  );
}

/** Reads what `printPoint` prints, with blanks around tokens. */
export function parsePoint(text: string): Result<Point, PointFault | ExtentFault | DimsFault> {
  const dims = parseDims(tokenize(text));
  if (!dims.ok) return dims;
  const extent = makeExtent(
    dims.value.map((dim) => dim.label),
    dims.value.map((dim) => dim.right),
  );
  if (!extent.ok) return extent;
  return makePoint(
    extent.value,
    dims.value.map((dim) => dim.left),
  );
}
