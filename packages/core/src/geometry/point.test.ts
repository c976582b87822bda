import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extentOf, numRanks } from './extent.ts';
import { makePoint, parsePoint, pointOfRank, printPoint, rankOfPoint } from './point.ts';

const arbitraryExtent = fc
  .uniqueArray(fc.string(), { maxLength: 4 })
  .chain((labels) =>
    fc
      .array(fc.integer({ min: 1, max: 6 }), { minLength: labels.length, maxLength: labels.length })
      .map((sizes) => ({ labels, sizes })),
  );

describe('ranks are row-major', () => {
  test.each([
    [{ x: 4, y: 5, z: 6 }, 31, [1, 0, 1]],
    [{ x: 2, y: 3 }, 4, [1, 1]],
    [{ hosts: 2, gpus: 4 }, 4 * 1 + 3, [1, 3]],
    [{}, 0, []],
  ])('in %j, rank %i is %j', (sizes, rank, coords) => {
    const extent = extentOf(sizes);
    expect(pointOfRank(extent, rank)).toEqual({ ok: true, value: { extent, coords } });
    expect(rankOfPoint({ extent, coords })).toBe(rank);
  });

  test('so that rank and point are inverse to each other', () => {
    fc.assert(
      fc.property(arbitraryExtent, fc.nat(), (extent, seed) => {
        const rank = seed % numRanks(extent);
        const point = pointOfRank(extent, rank);
        expect(point.ok && rankOfPoint(point.value)).toBe(rank);
      }),
    );
  });
});

test('what is outside an extent is refused', () => {
  const extent = extentOf({ x: 2, y: 3 });
  expect(pointOfRank(extent, 6)).toMatchObject({
    fault: { message: 'out of range: total ranks 6; does not contain rank 6' },
  });
  expect(makePoint(extent, [1, 3])).toMatchObject({
    fault: { message: 'out of range: dim size 3; does not contain index 3' },
  });
  expect(makePoint(extent, [1])).toMatchObject({
    fault: { message: 'dimension mismatch: expected 2, got 1' },
  });
});

describe('text', () => {
  test.each([
    ['x=1/4,y=2/5,z=3/6', { x: 4, y: 5, z: 6 }, [1, 2, 3]],
    [' x = 1 / 4 , y=2/5 ', { x: 4, y: 5 }, [1, 2]],
    ['', {}, []],
  ])('%j is read', (text, sizes, coords) => {
    expect(parsePoint(text)).toEqual({ ok: true, value: { extent: extentOf(sizes), coords } });
  });

  test.each([
    ['x=1/4,', "parse error: expected 'label' but got end of input"],
    ['x=1,y=2/5', "parse error: expected '/' but got ','"],
    ['x=1/2,y=2', "parse error: expected '/' but got end of input"],
    ['x=4/4', 'out of range: dim size 4; does not contain index 4'],
    ['x=0/2,x=0/2', 'overlapping label found: x'],
    ['x=a/2', "parse error: token 'a' is not a 'usize'"],
    ['x=1/2 y=1/2', "parse error: expected ',' but got 'y'"],
  ])('%j is refused', (text, message) => {
    expect(parsePoint(text)).toMatchObject({ ok: false, fault: { message } });
  });

  test('printed reads back to the same point', () => {
    fc.assert(
      fc.property(arbitraryExtent, fc.nat(), (extent, seed) => {
        const point = pointOfRank(extent, seed % numRanks(extent));
        expect(point.ok && parsePoint(printPoint(point.value))).toEqual(point);
      }),
    );
  });

  test('of any kind gives a result', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parsePoint(text).ok === 'boolean'));
  });
});
