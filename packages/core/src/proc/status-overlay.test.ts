import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  coveredBelow,
  makeOverlay,
  mergeOverlays,
  overlayOfRank,
  type StatusOverlay,
  type StatusRun,
} from './status-overlay.ts';

/** `0..3=1, 5..10=2`. */
function runs(text: string): StatusRun<string>[] {
  return text.split(', ').map((part) => {
    const [, start, end, value = ''] = /^(\d+)\.\.(\d+)=(\w+)$/.exec(part) ?? [];
    return { start: Number(start), end: Number(end), value };
  });
}

function overlay<T>(of: readonly StatusRun<T>[]): StatusOverlay<T> {
  const made = makeOverlay(of);
  if (!made.ok) throw new Error(made.fault.message);
  return made.value;
}

describe('an overlay', () => {
  test.each([
    ['0..3=1, 5..7=2, 7..10=2', '0..3=1, 5..10=2'],
    ['8..10=2, 5..8=2, 12..14=3', '5..10=2, 12..14=3'],
  ])('of %s is %s', (from, expected) => {
    expect(overlay(runs(from))).toEqual(runs(expected));
  });

  test.each([
    ['3..3=1', 'empty_range'],
    ['3..2=1', 'empty_range'],
    ['0..3=1, 2..4=1', 'overlapping_ranges'],
    ['2..4=1, 0..3=2', 'overlapping_ranges'],
  ])('of %s is refused', (from, code) => {
    expect(makeOverlay(runs(from))).toMatchObject({ ok: false, fault: { code } });
  });

  test('of a reply covers the rank that was asked about', () => {
    expect(overlayOfRank(7, 'Running')).toEqual(runs('7..8=Running'));
  });
});

describe('merging lets the right win', () => {
  test.each([
    ['0..10=1', '3..6=2', '0..3=1, 3..6=2, 6..10=1'],
    ['0..4=5', '2..6=5', '0..6=5'],
    ['4..10=1', '2..6=2', '2..6=2, 6..10=1'],
    ['0..5=1, 5..10=1, 10..15=3', '3..7=2, 12..20=4', '0..3=1, 3..7=2, 7..10=1, 10..12=3, 12..20=4'],
    [
      '0..4=1, 4..8=1, 8..12=2, 12..16=3',
      '2..6=9, 10..14=9',
      '0..2=1, 2..6=9, 6..8=1, 8..10=2, 10..14=9, 14..16=3',
    ],
    ['0..50=0', '0..10=1, 15..20=1, 30..50=1', '0..10=1, 10..15=0, 15..20=1, 20..30=0, 30..50=1'],
  ])('%s with %s', (left, right, expected) => {
    expect(mergeOverlays(overlay(runs(left)), overlay(runs(right)))).toEqual(runs(expected));
  });

  test('and counts the covered ranks below a rank', () => {
    const left = overlay(runs('0..10=L, 15..20=L, 30..50=B, 60..70=B'));
    const right = overlay(runs('9..12=R, 25..30=R, 30..40=B, 40..50=R, 50..60=B'));
    const merged = mergeOverlays(left, right);
    expect(merged).toEqual(runs('0..9=L, 9..12=R, 15..20=L, 25..30=R, 30..40=B, 40..50=R, 50..70=B'));
    expect([5, 16, 100].map((rank) => coveredBelow(merged, rank))).toEqual([5, 13, 62]);
  });

  test('with any notion of what is the same', () => {
    const same = (a: { n: number }, b: { n: number }) => a.n === b.n;
    const [left, right] = [overlayOfRank(0, { n: 1 }), overlayOfRank(1, { n: 1 })];
    expect(mergeOverlays(left, right, same)).toEqual([{ start: 0, end: 2, value: { n: 1 } }]);
  });

  const arbitraryOverlay = fc
    .array(fc.option(fc.nat(2)), { maxLength: 30 })
    .map((values) =>
      overlay(
        values.flatMap((value, rank) => (value === null ? [] : [{ start: rank, end: rank + 1, value }])),
      ),
    );
  const dense = (of: StatusOverlay<number>) =>
    Array.from({ length: 30 }, (_, rank) => of.find((run) => run.start <= rank && rank < run.end)?.value);

  test('rank by rank, and stays an overlay', () => {
    fc.assert(
      fc.property(arbitraryOverlay, arbitraryOverlay, (left, right) => {
        const merged = mergeOverlays(left, right);
        const [leftValues, rightValues] = [dense(left), dense(right)];
        expect(dense(merged)).toEqual(rightValues.map((value, rank) => value ?? leftValues[rank]));
        expect(merged).toEqual(overlay(merged));
        expect(coveredBelow(merged, 15)).toBe(
          dense(merged)
            .slice(0, 15)
            .filter((value) => value !== undefined).length,
        );
      }),
    );
  });
});
