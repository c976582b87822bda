import type { Fault } from '@hostmesh/core';
import type { ProcMesh } from '../proc/proc-mesh.ts';
import type { ProcObservation } from '../proc/proc-observation.ts';
import type { ProcStopOutcome } from '../stop/proc-stop-outcome.ts';

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
