import { fail, ok, type Fault, type Result } from '../fault.ts';
import { parseDims, parseUsize, printDims, tokenize, type DimsFault } from './dims.ts';
import { makeExtent, type Extent, type ExtentFault } from './extent.ts';
import { makeSlice, sliceRanks, type Slice, type SliceFault } from './slice.ts';

/** A labelled slice: what is selected of an extent, in terms of the extent's ranks (reference 3.3). */
export interface Region {
  readonly labels: readonly string[];
  readonly slice: Slice;
}

/** The region of a whole extent: dense, row-major. */
export function regionOfExtent({ labels, sizes }: Extent): Region {
  const strides = sizes.map((_, index) =>
    sizes.slice(index + 1).reduce((product, size) => product * size, 1),
  );
  return { labels, slice: { offset: 0, sizes, strides } };
}

/** The labels and sizes of a region: the extent of its view ranks. */
export function extentOfRegion({ labels, slice }: Region): Extent {
  return { labels, sizes: slice.sizes };
}

/** The base ranks of the region, in the order of its view ranks. */
export function regionRanks(region: Region): Iterable<number> {
  return sliceRanks(region.slice);
}

/** `2+replica=1/2,host=2/1`: size and stride by label, after an offset that is not zero. */
export function printRegion({ labels, slice }: Region): string {
  const dims = labels.map((label, index) => ({
    label,
    left: slice.sizes[index] ?? 0,
    right: slice.strides[index] ?? 0,
  }));
  return `${slice.offset === 0 ? '' : `${slice.offset}+`}${printDims(dims)}`;
}

/**
 * Reads what `printRegion` prints. Labels must be distinct, and quoted when they are digits only: a bare `8` would
 * be taken for the offset (reference 3.4, "Improve on it").
 */
export function parseRegion(text: string): Result<Region, DimsFault | ExtentFault | SliceFault> {
  const tokens = tokenize(text);
  const offset = tokens[1] === '+' ? parseUsize(tokens[0]) : ok(0);
  if (!offset.ok) return offset;
  const dims = parseDims(tokens[1] === '+' ? tokens.slice(2) : tokens);
  if (!dims.ok) return dims;
  const sizes = dims.value.map((dim) => dim.left);
  const extent = makeExtent(
    dims.value.map((dim) => dim.label),
    sizes,
  );
  if (!extent.ok) return extent;
  const slice = makeSlice(
    offset.value,
    sizes,
    dims.value.map((dim) => dim.right),
  );
  return slice.ok ? ok({ labels: extent.value.labels, slice: slice.value }) : slice;
}

/** `begin` to `end`, not included, every `step` (at least 1); without an end, up to the size of the dimension. */
export interface Range {
  readonly begin: number;
  readonly end: number | null;
  readonly step: number;
}

/** The range that selects one index. */
export function rangeOfIndex(index: number): Range {
  return { begin: index, end: index + 1, step: 1 };
}

/** `1:3:1`, or `1::2` without an end. */
function printRange({ begin, end, step }: Range): string {
  return `${begin}:${end ?? ''}:${step}`;
}

/**
 * Selects part of one dimension, which stays even when its size becomes 1 (reference 3.4). Steps that do not divide
 * the surrounding strides give no rectangle and are refused, so that every region has a text that can be read back.
 */
export function sliceRegion(
  region: Region,
  label: string,
  range: Range,
): Result<Region, SliceFault | Fault<'no_such_dimension' | 'empty_range'>> {
  const { labels, slice } = region;
  const dim = labels.indexOf(label);
  const size = slice.sizes[dim];
  const stride = slice.strides[dim];
  if (size === undefined || stride === undefined) {
    return fail({ code: 'no_such_dimension', message: `no such dimension: ${label}` });
  }
  const end = Math.min(range.end ?? size, size);
  if (range.begin >= end) {
    const message = `empty range: ${printRange(range)} for dimension ${label} of size ${size}`;
    return fail({ code: 'empty_range', message });
  }
  const sliced = makeSlice(
    slice.offset + stride * range.begin,
    slice.sizes.with(dim, Math.ceil((end - range.begin) / range.step)),
    slice.strides.with(dim, stride * range.step),
  );
  return sliced.ok ? ok({ labels, slice: sliced.value }) : sliced;
}
