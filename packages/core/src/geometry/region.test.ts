import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extentOf } from './extent.ts';
import {
  extentOfRegion,
  parseRegion,
  printRegion,
  rangeOfIndex,
  regionOfExtent,
  regionRanks,
  sliceRegion,
  type Range,
  type Region,
} from './region.ts';
import { sliceIndex } from './slice.ts';

const from = (begin: number, end: number | null = null, step = 1): Range => ({ begin, end, step });

function sliced(region: Region, label: string, range: Range): Region {
  const result = sliceRegion(region, label, range);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

const arbitraryRange = fc.record({
  begin: fc.nat(5),
  end: fc.option(fc.nat(7)),
  step: fc.integer({ min: 1, max: 3 }),
});
const arbitraryRegion = fc
  .tuple(
    fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('hosts', 'dim/0', '8', '', 'ä,"')), {
      maxLength: 3,
    }),
    fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(2), arbitraryRange), { maxLength: 3 }),
  )
  .map(([labels, sizes, cuts]) =>
    cuts.reduce(
      (region, [dim, range]) => {
        const cut = sliceRegion(region, labels[dim] ?? '', range);
        return cut.ok ? cut.value : region;
      },
      regionOfExtent({ labels, sizes: sizes.slice(0, labels.length) }),
    ),
  );

describe('text', () => {
  test.each([
    ['replica=2/2,host=2/1', ['replica', 'host'], 0, [2, 2], [2, 1]],
    ['2+replica=1/2,host=2/1', ['replica', 'host'], 2, [1, 2], [2, 1]],
    ['8+"dim/0"=4/1,"dim,1"=5/4', ['dim/0', 'dim,1'], 8, [4, 5], [1, 4]],
    ['hosts=4/1', ['hosts'], 0, [4], [1]],
    ['hosts=0/1', ['hosts'], 0, [0], [1]],
    ['"8"=2/1', ['8'], 0, [2], [1]],
    ['', [], 0, [], []],
  ])('%j is read and printed', (text, labels, offset, sizes, strides) => {
    const region = { labels, slice: { offset, sizes, strides } };
    expect(parseRegion(text)).toEqual({ ok: true, value: region });
    expect(printRegion(region)).toBe(text);
  });

  test('of every extent is dense', () => {
    expect(printRegion(regionOfExtent(extentOf({ replica: 2, host: 2 })))).toBe('replica=2/2,host=2/1');
    expect([...regionRanks(regionOfExtent(extentOf({ x: 2, y: 3 })))]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test.each([
    ['hosts:4/1', "parse error: expected '=' but got ':'"],
    ['hosts=4', "parse error: expected '/' but got end of input"],
    ['hosts=a/1', "parse error: token 'a' is not a 'usize'"],
    ['hosts=4/', 'parse error: unexpected end of input'],
    ['hosts=9007199254740993/1', "parse error: token '9007199254740993' is not a 'usize'"],
    ['8=2/1', "parse error: expected 'label' but got '8'"],
    ['8+9=2/1', "parse error: expected 'label' but got '9'"],
    ['a=2/1,', "parse error: expected 'label' but got end of input"],
    ['x+a=2/1', "parse error: token 'x' is not a 'usize'"],
    ['a=2/2,a=2/1', 'overlapping label found: a'],
    ['a=2/1,b=2/1', 'nonunique strides'],
    ['"a=2/1', `parse error: expected 'string literal' but got '"'`],
    ['"\\x"=2/1', `parse error: expected 'string literal' but got '"\\x"'`],
  ])('%j is refused', (text, message) => {
    expect(parseRegion(text)).toMatchObject({ ok: false, fault: { message } });
  });

  test('printed reads back to the same region', () => {
    fc.assert(
      fc.property(arbitraryRegion, (region) => {
        expect(parseRegion(printRegion(region))).toEqual({ ok: true, value: region });
      }),
    );
  });

  test('of any kind gives a result', () => {
    const unit = fc.oneof(fc.string(), fc.constantFrom('"', '=', '/', ',', '+', 'a', '1', '\\', ' '));
    fc.assert(fc.property(fc.array(unit), (units) => typeof parseRegion(units.join('')).ok === 'boolean'));
  });
});

describe('slicing', () => {
  test.each<[Record<string, number>, [string, Range][], number[]]>([
    [
      { x: 4, y: 4 },
      [
        ['x', rangeOfIndex(1)],
        ['y', from(2)],
      ],
      [6, 7],
    ],
    [{ replicas: 4, gpus: 2 }, [['replicas', from(1, 3)]], [2, 3, 4, 5]],
    [{ hosts: 2, gpus: 4 }, [['gpus', from(2, 4)]], [2, 3, 6, 7]],
    [{ hosts: 8 }, [['hosts', from(1, 99, 3)]], [1, 4, 7]],
  ])('%j by %j selects base ranks %j', (sizes, cuts, expected) => {
    const region = cuts.reduce(
      (of, [label, range]) => sliced(of, label, range),
      regionOfExtent(extentOf(sizes)),
    );
    expect([...regionRanks(region)]).toEqual(expected);
  });

  test('keeps base ranks, and dimensions of size 1', () => {
    const region = sliced(regionOfExtent(extentOf({ hosts: 2, gpus: 4 })), 'gpus', from(2, 4));
    expect(sliceIndex(region.slice, 6)).toEqual({ ok: true, value: 2 });
    const one = sliced(regionOfExtent(extentOf({ replica: 2, host: 2 })), 'replica', rangeOfIndex(1));
    expect(printRegion(one)).toBe('2+replica=1/2,host=2/1');
    expect(extentOfRegion(one)).toEqual(extentOf({ replica: 1, host: 2 }));
  });

  test.each<[string, Range, string]>([
    ['z', from(0), 'no such dimension: z'],
    ['x', from(4), 'empty range: 4::1 for dimension x of size 4'],
    ['x', from(2, 2), 'empty range: 2:2:1 for dimension x of size 4'],
    ['y', from(0, null, 2), 'nonrectangular shape'],
  ])('%s by %j is refused', (label, range, message) => {
    expect(sliceRegion(regionOfExtent(extentOf({ x: 4, y: 5 })), label, range)).toMatchObject({
      ok: false,
      fault: { message },
    });
  });

  test('selects exactly the ranks whose coordinate is in the range', () => {
    fc.assert(
      fc.property(arbitraryRegion, fc.nat(2), arbitraryRange, (region, dim, range) => {
        const label = region.labels[dim];
        const cut = sliceRegion(region, label ?? 'none', range);
        fc.pre(label !== undefined && (cut.ok || cut.fault.code === 'empty_range'));
        const ranks = [...regionRanks(region)];
        const inner = region.slice.sizes.slice(dim + 1).reduce((product, size) => product * size, 1);
        const size = region.slice.sizes[dim] ?? 0;
        const expected = ranks.filter((_, view) => {
          const coord = Math.floor(view / inner) % size;
          const inRange = coord >= range.begin && coord < (range.end ?? size);
          return inRange && (coord - range.begin) % range.step === 0;
        });
        expect(cut.ok ? [...regionRanks(cut.value)] : []).toEqual(expected);
      }),
    );
  });
});
