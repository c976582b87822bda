import { makeOverlay, printStatus, type Fault, type StatusRun } from '@hostmesh/core';
import type { ProcMesh } from '../proc-mesh/proc-mesh.ts';
import type { ProcListeners, ProcObservation } from '../proc/proc-observation.ts';
import type { ProcStopOutcome } from '../stop/stop-outcome.ts';

/** Options of `HostMesh.spawn`. */
export interface SpawnOptions extends ProcListeners {
  /** Cancels the spawn; what was started is stopped. It has no effect once the procs are ready. */
  readonly signal?: AbortSignal;
}

/** A rank that made the spawn fail, as it was then. */
export interface RankFailure {
  readonly rank: number;
  readonly observation: ProcObservation;
  /** Of its host, as `HostTarget.text`. */
  readonly address: string;
  /** One clause for people. */
  readonly message: string;
}

/**
 * No proc mesh came of it, and all that was started has been asked to stop (reference section 9.5).
 * - `proc_creation_failed`, the reference's ProcCreationError: some rank failed, or was refused by its host
 * - `proc_spawn_failed`, its ProcSpawnError: some rank was not ready by the deadline
 * - `cancelled`: the caller's signal fired, or the host mesh was ended
 */
export interface SpawnFault extends Fault<'proc_creation_failed' | 'proc_spawn_failed' | 'cancelled'> {
  /** Failing ranks only, in order. */
  readonly failures: readonly RankFailure[];
  /** Every rank as it was at the verdict, before anything was stopped. */
  readonly statuses: readonly ProcObservation[];
  readonly rollback: readonly ProcStopOutcome[];
  /** How many procs are not known to be gone. */
  readonly residue: number;
  /** Those procs, still watched but no longer vouched for; close it. Null when there are none. */
  readonly remains: ProcMesh | null;
}

/** How many failing ranks a message names; the fault has all of them. */
const MAX_LINES = 10;

/** ProcCreationError (reference 9.5): one line for each failing rank, with its state as JSON. */
export function printProcCreationError(failures: readonly RankFailure[]): string {
  const lines = failures
    .slice(0, MAX_LINES)
    .map(
      ({ rank, address, observation }) =>
        `error creating proc (host rank ${observation.hostRank}) on host mesh agent ${address}, state: ${JSON.stringify(stateOf(rank, observation))}`,
    );
  const more = failures.length - MAX_LINES;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** A state as in reference 10.2. It tells how the process ended, and not what it was started with. */
function stateOf(rank: number, { procId, status, text, report, generation, since }: ProcObservation) {
  const { exit = null, pid = null, stderrTail = [] } = report ?? {};
  return {
    id: procId,
    status: printStatus(status),
    state: { create_rank: rank, text, pid, exit, stderr_tail: stderrTail },
    generation,
    timestamp: since,
  };
}

/** ProcSpawnError (reference 9.5): `error spawning proc mesh: statuses: Timeout(30s)=0..1;Running=1..2`. */
export const printProcSpawnError = (statuses: readonly ProcObservation[]): string =>
  `error spawning proc mesh: statuses: ${printStatusGroups(statuses)}`;

/** Ranks by status, the group with the lowest rank first (reference 9.5, "Improve on it"). */
function printStatusGroups(statuses: readonly ProcObservation[]): string {
  const runs = makeOverlay(
    statuses.map(({ rank, status }) => ({ start: rank, end: rank + 1, value: printStatus(status) })),
  );
  if (!runs.ok) throw new Error(runs.fault.message);
  const groups = Map.groupBy(runs.value, ({ value }) => value);
  return [...groups].map(([status, each]) => `${status}=${each.map(printRun).join(',')}`).join(';');
}

const printRun = ({ start, end }: StatusRun<string>): string => `${start}..${end}`;
