import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeSlice, sliceCoordinates, sliceGet, sliceIndex, sliceRanks, type Slice } from './slice.ts';

function slice(offset: number, sizes: number[], strides: number[]): Slice {
  const made = makeSlice(offset, sizes, strides);
  if (!made.ok) throw new Error(made.fault.message);
  return made.value;
}

/** Valid by construction: each stride is a multiple of the space below it; dimensions in any order. */
const arbitrarySlice = fc
  .tuple(
    fc.nat(50),
    fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), factor: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 4,
    }),
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  )
  .map(([offset, dims, shuffle]) => {
    let space = 1;
    const placed = dims.map(({ size, factor }) => {
      const stride = space * factor;
      space = stride * size;
      return { size, stride, key: shuffle.next().value };
    });
    placed.sort((a, b) => a.key - b.key);
    return slice(
      offset,
      placed.map((dim) => dim.size),
      placed.map((dim) => dim.stride),
    );
  });

describe('members', () => {
  test.each([
    [slice(10, [10, 2], [10, 5]), Array.from({ length: 20 }, (_, index) => 10 + 5 * index)],
    [slice(1, [2, 2], [4, 1]), [1, 2, 5, 6]],
    [slice(0, [2, 2], [1, 2]), [0, 2, 1, 3]],
    [slice(7, [], []), [7]],
    [slice(0, [0], [1]), []],
    [slice(0, [4, 0], [0, 1]), []],
  ])('of %j are in row-major order', (of, expected) => {
    expect([...sliceRanks(of)]).toEqual(expected);
  });

  test('have an ordinal, others have none', () => {
    expect(sliceIndex(slice(0, [2, 3], [3, 1]), 3)).toEqual({ ok: true, value: 3 });
    expect(sliceIndex(slice(0, [2, 3], [3, 1]), 14)).toMatchObject({
      fault: { message: 'value 14 not in slice' },
    });
    expect(sliceIndex(slice(0, [2, 2], [4, 2]), 2)).toEqual({ ok: true, value: 1 });
    expect(sliceIndex(slice(10, [10, 2], [10, 5]), 5).ok).toBe(false);
    expect(sliceIndex(slice(0, [4, 0], [0, 1]), 0).ok).toBe(false);
    expect(sliceCoordinates(slice(1, [2, 2], [4, 1]), 6)).toEqual({ ok: true, value: [1, 1] });
    expect(sliceGet(slice(1, [2, 2], [4, 1]), 4)).toMatchObject({ fault: { code: 'out_of_range' } });
  });

  test('get, index and iteration agree, and everything else is not in the slice', () => {
    fc.assert(
      fc.property(arbitrarySlice, (of) => {
        const ranks = [...sliceRanks(of)];
        expect(new Set(ranks).size).toBe(ranks.length);
        for (const [ordinal, base] of ranks.entries()) {
          expect(sliceGet(of, ordinal)).toEqual({ ok: true, value: base });
          expect(sliceIndex(of, base)).toEqual({ ok: true, value: ordinal });
        }
        const members = new Set(ranks);
        for (let base = 0; base <= Math.max(...ranks) + 2; base += 1) {
          expect(sliceIndex(of, base).ok).toBe(members.has(base));
        }
      }),
    );
  });
});

test.each([
  [0, [2], [1, 1], 'sizes/strides dimension mismatch: 1 != 2'],
  [0, [2, 2], [1, 1], 'nonunique strides'],
  [0, [2, 2], [3, 2], 'nonrectangular shape'],
  [0, [2, 4], [2, 1], 'stride 2 must be larger than size of previous space 4'],
  [0, [2], [0], 'stride 0 must be larger than size of previous space 1'],
  [0, [9e15, 9e15], [9e15, 1], 'ranks beyond 2^53 cannot be told apart'],
])('offset %i, sizes %j, strides %j: %s', (offset, sizes, strides, message) => {
  expect(makeSlice(offset, sizes, strides)).toMatchObject({ ok: false, fault: { message } });
});

test('dimensions of size 1 may share a stride', () => {
  expect(makeSlice(2, [1, 2], [1, 1]).ok).toBe(true);
});
