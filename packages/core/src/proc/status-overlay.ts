import { fail, ok, type Fault, type Result } from '../fault.ts';

/** One value for the ranks from `start` to `end`, which is not included. */
export interface StatusRun<T> {
  readonly start: number;
  readonly end: number;
  readonly value: T;
}

/**
 * Values for some of the ranks of a mesh: runs that are not empty, sorted, apart, and different from a neighbour that
 * touches them (reference 10.4). One type serves for the reference's older "ranked values" too.
 */
export type StatusOverlay<T> = readonly StatusRun<T>[];

/** Why runs are no overlay. */
export type OverlayFault = Fault<'empty_range' | 'overlapping_ranges'>;

/** Whether two values count as one; by default, identity. */
export type Same<T> = (a: T, b: T) => boolean;

function coalesce<T>(runs: Iterable<StatusRun<T>>, same: Same<T>): StatusOverlay<T> {
  const joined: StatusRun<T>[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last && last.end === run.start && same(last.value, run.value))
      joined.splice(-1, 1, { ...last, end: run.end });
    else joined.push(run);
  }
  return joined;
}

const byStart = <T>(a: StatusRun<T>, b: StatusRun<T>) => a.start - b.start;

/** An overlay of runs in any order. */
export function makeOverlay<T>(
  runs: readonly StatusRun<T>[],
  same: Same<T> = Object.is,
): Result<StatusOverlay<T>, OverlayFault> {
  const sorted = runs.toSorted(byStart);
  let end = 0;
  for (const run of sorted) {
    const range = `${run.start}..${run.end}`;
    if (run.start >= run.end) return fail({ code: 'empty_range', message: `empty range: ${range}` });
    if (run.start < end)
      return fail({ code: 'overlapping_ranges', message: `overlapping ranges at ${range}` });
    end = run.end;
  }
  return ok(coalesce(sorted, same));
}

/** The overlay of one rank. A reply is placed at the rank that the request asked about (reference 10.6, RSP-1). */
export function overlayOfRank<T>(rank: number, value: T): StatusOverlay<T> {
  return [{ start: rank, end: rank + 1, value }];
}

/** The parts of `runs` that no run of `others` covers, in linear time. */
function uncovered<T>(runs: StatusOverlay<T>, others: StatusOverlay<T>): StatusRun<T>[] {
  const parts: StatusRun<T>[] = [];
  let next = 0;
  for (const run of runs) {
    let start = run.start;
    for (let other = others[next]; other && other.start < run.end; other = others[next]) {
      if (other.start > start) parts.push({ ...run, start, end: other.start });
      start = Math.max(start, other.end);
      // One that reaches beyond this run may also cover the next.
      if (other.end > run.end) break;
      next += 1;
    }
    if (start < run.end) parts.push({ ...run, start });
  }
  return parts;
}

/** The ranks of both; where both have a value, that of `right`. */
export function mergeOverlays<T>(
  left: StatusOverlay<T>,
  right: StatusOverlay<T>,
  same: Same<T> = Object.is,
): StatusOverlay<T> {
  return coalesce([...uncovered(left, right), ...right].sort(byStart), same);
}

/** How many ranks below `rank` have a value. */
export function coveredBelow<T>(overlay: StatusOverlay<T>, rank: number): number {
  return overlay.reduce((sum, run) => sum + Math.max(0, Math.min(run.end, rank) - run.start), 0);
}
