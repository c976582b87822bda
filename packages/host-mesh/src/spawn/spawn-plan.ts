import type { Extent, Fault, ProcMeshId } from '@hostmesh/core';
import type { ProcSpec, RestartPolicy } from '@hostmesh/protocol';

/** One proc as it will be. */
export interface PlannedProc {
  /** Create rank: `slotsPerHost × hostRank + slot`. */
  readonly rank: number;
  /** View rank of its host in the ref that was planned for. */
  readonly hostRank: number;
  readonly slot: number;
  /** Text form. */
  readonly procId: string;
  /** `hosts=1/3,gpus=0/4`. */
  readonly point: string;
  /** It is reached via its own id at its host's address (reference section 9.2). */
  readonly address: string;
  readonly spec: ProcSpec;
}

/** A proc mesh that has passed every check (reference section 9.1). Nothing has been sent. */
export interface SpawnPlan {
  readonly id: ProcMeshId;
  readonly name: string;
  /** Hosts' extent and per-host extent together. */
  readonly extent: Extent;
  readonly perHost: Extent;
  readonly slotsPerHost: number;
  /** Name of its controller (reference section 12.1). */
  readonly controller: string;
  /** In the order of ranks, complete. */
  readonly procs: readonly PlannedProc[];
  readonly restart: RestartPolicy;
  readonly keep: boolean;
  readonly ttlMs: number | null;
  readonly timeoutMs: number;
}

/** Why there is no plan; `field` is the part of the terms that is wrong: `perHost.hosts`, `procBind`, `perRank.3`. */
export interface SpawnPlanFault extends Fault<
  | 'overlapping_dimension'
  | 'proc_bind_length'
  | 'empty_proc_mesh'
  | 'too_many_procs'
  | 'per_rank_failed'
  | 'command_too_large'
> {
  readonly field: string;
}
