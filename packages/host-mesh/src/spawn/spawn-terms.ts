import type { Extent, Point, ProcMeshId } from '@hostmesh/core';
import type { ProcBind, ProcCommand, Readiness, RestartPolicy } from '@hostmesh/protocol';

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
  /** For how long hosts let procs run of which nobody wants to know; null is for ever. */
  readonly ttlMs: number | null;
  /** Total deadline, from the spawn to the last rank being ready. */
  readonly timeoutMs: number;
}
