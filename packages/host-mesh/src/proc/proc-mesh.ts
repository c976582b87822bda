import type { Result, StatusKind } from '@hostmesh/core';
import type { AnswerResult, ProcUsage } from '@hostmesh/protocol';
import type { HostAskFault } from '../ask/ask-fault.ts';
import type { ProcStopOutcome, StopProcsOptions } from '../stop/proc-stop-outcome.ts';
import type { ProcMeshRef } from './proc-mesh-ref.ts';
import type { ProcObservation } from './proc-observation.ts';

/** How many procs have which status; they add up to `total`. */
export type ProcCounts = Readonly<Record<StatusKind | 'total', number>>;

/** Which output of a proc is read; as in the protocol's `read_logs`. */
export interface ReadLogsOptions {
  /** The entries after this `seq`; null with `tail` for the last ones. */
  readonly after: number | null;
  readonly tail?: number;
  readonly maxBytes?: number;
  /** How long the host may wait for output when there is none yet. */
  readonly waitMs?: number;
  /** Total deadline, besides `waitMs`; 5 s when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export type LogsAnswer = Extract<AnswerResult, { kind: 'logs' }>;

/**
 * Procs that we own, with their controller (reference section 12.1): it hears of every change, vouches for the procs
 * at their hosts, and says what is not known. It goes on until `close`, or until its host mesh ends.
 */
export declare class ProcMesh {
  private constructor();
  readonly id: string;
  readonly name: string;
  readonly controller: string;
  readonly ref: ProcMeshRef;
  /** Every proc as of now, in rank order. */
  procs(): readonly ProcObservation[];
  proc(rank: number): ProcObservation;
  get counts(): ProcCounts;
  /** How many states a re-sync had to repair, because no event had told of them. */
  get repairs(): number;
  /** Whether every proc has ended for good. */
  get ended(): boolean;
  /** `failure on mesh "training" at ranks [0] with event: …` (reference section 12.3); null when none has failed. */
  get failure(): string | null;
  /** Ends procs, with an outcome for each in rank order. Comes by the deadline. */
  stop(options: StopProcsOptions): Promise<readonly ProcStopOutcome[]>;
  /** Lets hosts forget procs that have ended, with their output; how many each host that answered forgot. */
  forget(ranks?: readonly number[]): Promise<number>;
  readLogs(rank: number, options: ReadLogsOptions): Promise<Result<LogsAnswer, HostAskFault>>;
  /** By rank; procs that do not run and those of hosts that do not answer are absent. */
  usage(
    ranks?: readonly number[],
    options?: { readonly timeoutMs?: number },
  ): Promise<ReadonlyMap<number, ProcUsage>>;
  /** Ends the controller and tells the hosts nothing: without another one they reap the procs as orphans. */
  close(): void;
}
