import type { Extent, Fault, Point, ProcMeshId } from '@hostmesh/core';
import type { ProcBind, ProcCommand, ProcSpec, Readiness, RestartPolicy } from '@hostmesh/protocol';

/** What a proc is started with (reference section 9.3). Its environment is added to the agent's declared one. */
export type BootstrapCommand = ProcCommand;

/** Says what one proc is started with: called once for each, in the order of ranks, where the spawn is planned. */
export type PerRankBootstrapFn = (point: Point, rank: number) => BootstrapCommand;

/** What a client wants of a proc mesh (reference section 9.1). */
export interface SpawnTerms {
  readonly id: ProcMeshId;
  /** For people. */
  readonly name: string;
  /** Dimensions of the slots of a host; without dimensions there is one proc per host. */
  readonly perHost: Extent;
  /** For every proc that `perRankBootstrap` does not decide on. */
  readonly command: BootstrapCommand;
  /** Goes before `command`; what it throws is the fault of the plan. */
  readonly perRankBootstrap?: PerRankBootstrapFn;
  /** One for each slot of a host. */
  readonly procBind?: readonly ProcBind[];
  readonly readiness: Readiness | ((rank: number, slot: number) => Readiness);
  /** From the start of a process, for all ranks or one by one; 0 waits for as long as the spawn does. */
  readonly readyTimeoutMs: number | ((rank: number) => number);
  readonly restart: RestartPolicy;
  /** The procs outlive their agent. */
  readonly keep: boolean;
  /** How long hosts let procs run that nobody vouches for; null is for ever. */
  readonly ttlMs: number | null;
  /** Total deadline, from the spawn to the last rank being ready. */
  readonly timeoutMs: number;
}

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
