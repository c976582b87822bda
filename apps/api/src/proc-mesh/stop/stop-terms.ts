import type { StopProcMeshRequest } from '@hostmesh/contract';
import { countOf, fail, numRanks, ok } from '@hostmesh/core';
import type { ProcMeshRecord, ProcRecord, RankRange } from '@hostmesh/db';
import { readDuration } from '../../problem/read-duration.ts';
import { invalidRequest, type FieldError, type RouteResult } from '../../problem/route-fault.ts';
import { isSelected, readRanks } from '../../proc/rank-selection.ts';

/** What of a proc mesh is to be stopped, and in which time. */
export interface StopTerms {
  readonly ranks: readonly RankRange[] | undefined;
  readonly hosts: readonly RankRange[] | undefined;
  readonly stepMs: number | undefined;
  readonly timeoutMs: number | undefined;
}

/** Reads the request of a stop, and names every field that is wrong. */
export function readStopTerms({ ranks, hosts, step, timeout }: StopProcMeshRequest): RouteResult<StopTerms> {
  const errors: FieldError[] = [];
  const terms = {
    ranks: readRanks(ranks, 'ranks', errors),
    hosts: readRanks(hosts, 'hosts', errors),
    stepMs: readDuration(step, { field: 'step', minMs: 0 }, errors),
    timeoutMs: readDuration(timeout, { field: 'timeout', minMs: 1 }, errors),
  };
  return errors.length > 0 ? fail(invalidRequest(errors)) : ok(terms);
}

/** Whether all of a proc mesh is to be stopped. */
export const isWhole = ({ ranks, hosts }: StopTerms): boolean => ranks === undefined && hosts === undefined;

/** The ranks that are to be stopped; a selection of none is a wrong field. */
export function selectRanks(
  { ranks, hosts }: StopTerms,
  { extent }: ProcMeshRecord,
  procs: readonly ProcRecord[],
): RouteResult<readonly number[]> {
  const selected = procs.filter(
    ({ rank, hostRank }) =>
      (ranks === undefined || isSelected(ranks, rank)) &&
      (hosts === undefined || isSelected(hosts, hostRank)),
  );
  if (selected.length > 0) return ok(selected.map(({ rank }) => rank));
  const message = `selects none of the ${countOf(numRanks(extent), 'proc')}`;
  return fail(
    invalidRequest([
      ...(ranks === undefined ? [] : [{ field: 'ranks', message }]),
      ...(hosts === undefined ? [] : [{ field: 'hosts', message }]),
    ]),
  );
}
