import {
  fail,
  isFailure,
  ok,
  printResourceId,
  regionOfExtent,
  type Extent,
  type ProcMeshId,
  type Result,
} from '@hostmesh/core';
import type { AgentRequestType, AnswerOf, RequestOf, UsageReport } from '@hostmesh/protocol';
import { hostCallFault, type HostCallFault } from '../call/call-fault.ts';
import { callOnce } from '../call/host-calls.ts';
import { procIdParts } from '../call/request-parts.ts';
import type { ProcTally } from '../proc/proc-board.ts';
import type { ProcObservation } from '../proc/proc-observation.ts';
import type { ProcStopOutcome, StopProcsOptions } from '../stop/stop-outcome.ts';
import { stopProcs } from '../stop/stop-procs.ts';
import type { ProcController } from '../supervise/proc-controller.ts';
import type { ProcDeps } from '../supervise/proc-deps.ts';
import { controllerName, ProcMeshRef } from './proc-mesh-ref.ts';

/** Which output of a proc is read; as in the protocol's `read_logs`. */
export interface ReadLogsOptions {
  /** The entries after this `seq`; null with `tail` for the last ones. */
  readonly after: number | null;
  readonly tail?: number;
  readonly maxBytes?: number;
  /** How long the host may wait for output when there is none yet. */
  readonly waitMs?: number;
  /** Of the open lines that the reader has; others are not waited for when absent. */
  readonly openVersion?: number;
  /** Deadline, on top of `waitMs`; 5 s when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Output of a proc, as its host told it. */
export type LogsAnswer = AnswerOf<'read_logs'>;

/** What a proc mesh is, apart from how its procs are. */
export interface ProcMeshIdentity {
  readonly id: ProcMeshId;
  readonly name: string;
  readonly extent: Extent;
  readonly slotsPerHost: number;
}

const ASK_MS = 5_000;
const LOG_BYTES = 256 * 1024;

/**
 * Procs that we own, with their controller (reference section 12.1): it hears of every change, vouches for the procs
 * at their hosts, and says what is not known. It goes on until `close`, or until its host mesh ends.
 */
export class ProcMesh {
  /** Text form. */
  readonly id: string;
  readonly name: string;
  /** Name of its controller. */
  readonly controller: string;
  readonly ref: ProcMeshRef;
  readonly #controller: ProcController;
  readonly #deps: ProcDeps;

  constructor(identity: ProcMeshIdentity, controller: ProcController, deps: ProcDeps) {
    const { id, name, extent, slotsPerHost } = identity;
    this.id = printResourceId(id);
    this.name = name;
    this.controller = controllerName(id);
    this.ref = new ProcMeshRef(id, regionOfExtent(extent), slotsPerHost);
    this.#controller = controller;
    this.#deps = deps;
  }

  /** Every proc as of now, in rank order. */
  procs(): readonly ProcObservation[] {
    return this.#controller.board.procs();
  }

  /** The proc at a create rank; throws when there is none. */
  proc(rank: number): ProcObservation {
    return this.#controller.board.proc(rank);
  }

  get counts(): ProcTally {
    return this.#controller.board.counts;
  }

  /** How many states a re-sync had to repair, because no event had told of them. */
  get repairs(): number {
    return this.#controller.repairs;
  }

  /** Whether every proc has ended for good. */
  get ended(): boolean {
    return this.#controller.board.ended;
  }

  /** `failure on mesh "training" at ranks [0] with event: …` (reference section 12.3); null when no proc has failed. */
  get failure(): string | null {
    return printMeshFailure(this.name, this.procs());
  }

  /** Ends procs, with an outcome for each in rank order. Comes by the deadline. */
  stop(options: StopProcsOptions): Promise<readonly ProcStopOutcome[]> {
    return stopProcs(this.#controller, this.#deps, options);
  }

  /** Lets hosts forget procs that have ended, with their output; resolves to how many they have forgotten. */
  async forget(ranks?: readonly number[]): Promise<number> {
    const counts = await this.#callHostsOf(ranks, ASK_MS, (procIds) => ({
      type: 'forget_procs',
      id: this.#deps.links.nextRequestId('forget'),
      procMeshId: this.id,
      procIds,
    }));
    return counts.reduce((sum, { count }) => sum + count, 0);
  }

  /** Output of one proc, from its host. */
  async readLogs(rank: number, options: ReadLogsOptions): Promise<Result<LogsAnswer, HostCallFault>> {
    const { after, tail = null, maxBytes = LOG_BYTES, waitMs = 0, timeoutMs = ASK_MS, signal } = options;
    const { openVersion = null } = options;
    const { procId, hostRank } = this.#controller.board.place(rank);
    return this.#callHost(hostRank, timeoutMs + waitMs, signal, {
      type: 'read_logs',
      id: this.#deps.links.nextRequestId('logs'),
      procId,
      after,
      tail,
      maxBytes,
      waitMs,
      openVersion,
    });
  }

  /** What procs use now, by rank; those that do not run and those of hosts that do not answer are absent. */
  async usage(
    ranks?: readonly number[],
    { timeoutMs = ASK_MS }: { readonly timeoutMs?: number } = {},
  ): Promise<ReadonlyMap<number, UsageReport>> {
    const answers = await this.#callHostsOf(ranks, timeoutMs, (procIds) => ({
      type: 'get_usage',
      id: this.#deps.links.nextRequestId('usage'),
      procIds,
    }));
    const { board } = this.#controller;
    const ofProc = new Map(
      answers.flatMap(({ procs }) => procs.map((usage) => [usage.procId, usage] as const)),
    );
    return new Map(
      (ranks ?? board.procs().map(({ rank }) => rank)).flatMap((rank) => {
        const usage = ofProc.get(board.place(rank).procId);
        return usage === undefined ? [] : [[rank, usage] as const];
      }),
    );
  }

  /**
   * Ends the controller and tells the hosts nothing: unless another controller takes over, they reap the procs as
   * orphans.
   */
  close(): void {
    this.#controller.close();
  }

  /** The answers of all hosts of these procs that gave one. */
  async #callHostsOf<T extends AgentRequestType>(
    ranks: readonly number[] | undefined,
    timeoutMs: number,
    requestOf: (procIds: string[]) => RequestOf<T>,
  ): Promise<AnswerOf<T>[]> {
    const { board } = this.#controller;
    const places = (ranks ?? board.procs().map(({ rank }) => rank)).map((rank) => board.place(rank));
    const byHost = Map.groupBy(places, ({ hostRank }) => hostRank);
    const answers = await Promise.all(
      [...byHost].flatMap(([hostRank, each]) =>
        procIdParts(each.map(({ procId }) => procId)).map((procIds) =>
          this.#callHost(hostRank, timeoutMs, undefined, requestOf(procIds)),
        ),
      ),
    );
    return answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  }

  async #callHost<T extends AgentRequestType>(
    hostRank: number,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    request: RequestOf<T>,
  ): Promise<Result<AnswerOf<T>, HostCallFault>> {
    const target = this.#deps.targets[hostRank];
    if (target === undefined) throw new RangeError(`no such host rank: ${hostRank}`);
    const outcome = await callOnce(target, request, { ...this.#deps, timeoutMs, signal });
    return outcome.ok ? ok(outcome.answer) : fail(hostCallFault(outcome.fault));
  }
}

/** How many ranks are named. */
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
