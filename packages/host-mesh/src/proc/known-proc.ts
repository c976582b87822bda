import type { Extent, ProcMeshId, Status } from '@hostmesh/core';

/** A proc as it was recorded before whoever watched it went away. */
export interface KnownProc {
  readonly rank: number;
  readonly hostRank: number;
  readonly procId: string;
  readonly status: Status;
  readonly text: string;
  /** Of the last report that was recorded; 0 when there was none. */
  readonly generation: number;
  readonly since: number;
  readonly lastHeardAt: number | null;
  /** Set while a restart was due: such an end is not final. */
  readonly nextRestartAt: number | null;
}

/** A proc mesh that runs on hosts already, as it was recorded. Times are milliseconds, those of procs since 1970. */
export interface ProcMeshRecord {
  readonly id: ProcMeshId;
  readonly name: string;
  /** Hosts' extent and per-host extent together. */
  readonly extent: Extent;
  readonly slotsPerHost: number;
  readonly ttlMs: number | null;
  /** The limit of its restart policy, for texts. */
  readonly restartLimit: number;
  readonly repairs: number;
  /** In the order of ranks, complete. */
  readonly procs: readonly KnownProc[];
}
