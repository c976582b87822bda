import { fail, ok, type Fault, type Result } from '../fault.ts';
import { coordsOfOrdinal, numRanks, ordinalOfCoords } from './extent.ts';

/** An affine set of base ranks: the member at `coords` is `offset + Σ coords[i]·strides[i]` (reference 3.2). */
export interface Slice {
  readonly offset: number;
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** Why a slice would not give each member a place of its own. */
export type SliceFault = Fault<
  'dimension_mismatch' | 'nonunique_strides' | 'nonrectangular_shape' | 'stride_too_small' | 'too_large'
>;

/** A slice in which every member has one place. Dimensions of size 1 may have any stride: nothing depends on it. */
export function makeSlice(
  offset: number,
  sizes: readonly number[],
  strides: readonly number[],
): Result<Slice, SliceFault> {
  const invalid = (code: SliceFault['code'], message: string) => fail<SliceFault>({ code, message });
  if (sizes.length !== strides.length) {
    return invalid(
      'dimension_mismatch',
      `sizes/strides dimension mismatch: ${sizes.length} != ${strides.length}`,
    );
  }
  const slice = { offset, sizes, strides };
  if (sizes.includes(0)) return ok(slice);
  const last = locate(
    slice,
    sizes.map((size) => size - 1),
  );
  if (!Number.isSafeInteger(last)) return invalid('too_large', 'ranks beyond 2^53 cannot be told apart');
  const dims = sizes
    .map((size, index) => ({ size, stride: strides[index] ?? 0 }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => a.stride - b.stride);
  let previous = { size: 1, stride: 1 };
  for (const [index, dim] of dims.entries()) {
    if (index > 0 && dim.stride === previous.stride) return invalid('nonunique_strides', 'nonunique strides');
    if (dim.stride % previous.stride !== 0) return invalid('nonrectangular_shape', 'nonrectangular shape');
    const space = previous.size * previous.stride;
    if (dim.stride < space) {
      const message = `stride ${dim.stride} must be larger than size of previous space ${space}`;
      return invalid('stride_too_small', message);
    }
    previous = dim;
  }
  return ok(slice);
}

function locate({ offset, strides }: Slice, coords: readonly number[]): number {
  return coords.reduce((rank, coord, index) => rank + coord * (strides[index] ?? 0), offset);
}

/** The base rank of the member with this ordinal. */
export function sliceGet(slice: Slice, ordinal: number): Result<number, Fault<'out_of_range'>> {
  const total = numRanks(slice);
  if (ordinal < total) return ok(locate(slice, coordsOfOrdinal(slice.sizes, ordinal)));
  return fail({
    code: 'out_of_range',
    message: `out of range: ${total} members; does not contain ${ordinal}`,
  });
}

/** The coordinates of a base rank. */
export function sliceCoordinates(slice: Slice, base: number): Result<number[], Fault<'not_in_slice'>> {
  const outside = fail({ code: 'not_in_slice' as const, message: `value ${base} not in slice` });
  if (base < slice.offset || slice.sizes.includes(0)) return outside;
  const coords = slice.sizes.map(() => 0);
  let rest = base - slice.offset;
  // Largest strides first: those that are smaller cannot make up for one of them.
  const order = coords
    .map((_, index) => index)
    .sort((a, b) => (slice.strides[b] ?? 0) - (slice.strides[a] ?? 0));
  for (const index of order) {
    const size = slice.sizes[index] ?? 0;
    const stride = slice.strides[index] ?? 0;
    if (size <= 1) continue;
    const coord = Math.min(Math.floor(rest / stride), size - 1);
    coords[index] = coord;
    rest -= coord * stride;
  }
  return rest === 0 ? ok(coords) : outside;
}

/** The ordinal of a base rank: inverse of `sliceGet`. */
export function sliceIndex(slice: Slice, base: number): Result<number, Fault<'not_in_slice'>> {
  const coords = sliceCoordinates(slice, base);
  return coords.ok ? ok(ordinalOfCoords(slice.sizes, coords.value)) : coords;
}

/** The base ranks in row-major order. */
export function* sliceRanks(slice: Slice): Generator<number> {
  const total = numRanks(slice);
  for (let ordinal = 0; ordinal < total; ordinal += 1)
    yield locate(slice, coordsOfOrdinal(slice.sizes, ordinal));
}
