import { fail, ok, type Fault, type Result } from '../fault.ts';
import { numRanks } from '../geometry/extent.ts';
import type { Region } from '../geometry/region.ts';
import { makeOverlay, mergeOverlays, type StatusOverlay, type Same } from '../proc/status-overlay.ts';

/**
 * A value for every view rank of a region (reference 10.4), always run-length compressed: the runs cover every rank,
 * and a mesh of 10,000 equal values is one of them.
 */
export interface ValueMesh<T> {
  readonly region: Region;
  readonly runs: StatusOverlay<T>;
}

/** A mesh of one value per rank, in rank order. */
export function valueMeshOf<T>(
  region: Region,
  values: readonly T[],
  same: Same<T> = Object.is,
): Result<ValueMesh<T>, Fault<'wrong_cardinality'>> {
  const expected = numRanks(region.slice);
  const runs = makeOverlay(
    values.map((value, rank) => ({ start: rank, end: rank + 1, value })),
    same,
  );
  if (values.length === expected && runs.ok) return ok({ region, runs: runs.value });
  const message = `expected ${expected} ranks, but contains ${values.length} ranks`;
  return fail({ code: 'wrong_cardinality', message });
}

/** A mesh with the same value everywhere. */
export function uniformValueMesh<T>(region: Region, value: T): ValueMesh<T> {
  const total = numRanks(region.slice);
  return { region, runs: total === 0 ? [] : [{ start: 0, end: total, value }] };
}

/** The mesh with the values of the overlay in place of its own. */
export function applyOverlay<T>(
  mesh: ValueMesh<T>,
  overlay: StatusOverlay<T>,
  same: Same<T> = Object.is,
): Result<ValueMesh<T>, Fault<'out_of_bounds'>> {
  const total = numRanks(mesh.region.slice);
  const end = overlay.at(-1)?.end ?? 0;
  if (end > total) {
    return fail({ code: 'out_of_bounds', message: `range out of bounds: ${end} exceeds ${total} ranks` });
  }
  return ok({ ...mesh, runs: mergeOverlays(mesh.runs, overlay, same) });
}

/** The values in rank order. */
export function valuesOf<T>(mesh: ValueMesh<T>): T[] {
  return mesh.runs.flatMap((run) => Array.from({ length: run.end - run.start }, () => run.value));
}
