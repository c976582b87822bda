import { isFailure } from '@hostmesh/core';
import type { ProcObservation } from './proc-observation.ts';

/** So many ranks are named. */
const MAX_RANKS = 20;

/**
 * The failure of a proc mesh in one line (reference section 12.3): the ranks that failed, and what became of the first
 * of them. Null when none has. Of a slice, give its procs alone: it has no other failures.
 */
export function printMeshFailure(name: string, procs: readonly ProcObservation[]): string | null {
  const failed = procs.filter(({ status }) => isFailure(status));
  const [first] = failed;
  if (first === undefined) return null;
  const ranks = failed.slice(0, MAX_RANKS).map(({ rank }) => rank);
  const more = failed.length > MAX_RANKS ? `, and ${failed.length - MAX_RANKS} more` : '';
  return `failure on mesh ${JSON.stringify(name)} at ranks [${ranks.join(', ')}${more}] with event: the process failed: ${first.text}`;
}
