import type { Result } from '@hostmesh/core';
import {
  encodeRequest,
  type AgentRequestType,
  type AnswerOf,
  type Connection,
  type EncodedRequest,
  type RequestOf,
} from '@hostmesh/protocol';
import { backoffMs } from '../clock/backoff.ts';
import type { Clock } from '../clock/clock.ts';
import type { PushPhase } from '../links/phase.ts';
import { HostReach, type ReachDeps, type Reached, type ReachFault } from '../links/reach.ts';
import type { HostTarget } from '../ref/host-ref.ts';
import type { CallFault } from './call-fault.ts';

/** How hosts are called, and for how long. */
export interface CallOptions extends ReachDeps {
  /** Total deadline of all calls together. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Until the deadline, calls again whoever loses the connection, and, unless `isOfUnreachable` is false, whoever cannot
   * be reached either; with this randomness.
   */
  readonly retry?: { readonly random: () => number; readonly isOfUnreachable?: boolean };
}

/** What hosts are asked: the same bytes, or what has to be said on that connection. */
type Asked<T extends AgentRequestType> = EncodedRequest<T> | ((connection: Connection) => EncodedRequest<T>);

/** What one host answered to a request of this type. */
export type CallOutcome<T extends AgentRequestType = AgentRequestType> =
  | ({ readonly ok: true; readonly answer: AnswerOf<T> } & Reached)
  | Unanswered;

interface Unanswered {
  readonly ok: false;
  readonly fault: CallFault;
  readonly connection: Connection | null;
  /** The host may have got the request, this time or before. */
  readonly sent: boolean;
}

/** How many hosts are begun with in one turn of the event loop. */
const TURN_SIZE = 50;
const retryBackoff = { firstMs: 50, maxMs: 1_000 };

/**
 * Sends a request to many hosts, over connections that are open or else new ones, and tells each outcome as
 * soon as it is known. Resolves when all are: at the deadline, or when the signal fires, at the latest.
 */
export async function callHosts<T extends AgentRequestType>(
  targets: readonly HostTarget[],
  request: Asked<T>,
  options: CallOptions,
  tell: (rank: number, outcome: CallOutcome<T>) => void,
): Promise<void> {
  const calls = new HostCalls(options);
  const told: Promise<void>[] = [];
  for (const [index, target] of targets.entries()) {
    told.push(calls.call(target, request).then((outcome) => tell(target.rank, outcome)));
    // Timers and answers of others have their turn in between, however many hosts there are.
    if (index % TURN_SIZE === TURN_SIZE - 1) await new Promise<void>((next) => options.clock.nextTurn(next));
  }
  await Promise.all(told);
  calls.end();
}

/** Sends one request to one host. Resolves at the deadline, or when the signal fires, at the latest. */
export async function callOnce<T extends AgentRequestType>(
  target: HostTarget,
  request: RequestOf<T>,
  options: CallOptions,
): Promise<CallOutcome<T>> {
  const calls = new HostCalls(options);
  const outcome = await calls.call<T>(target, encodeRequest<T>(request));
  calls.end();
  return outcome;
}

/** The answer to a request on a connection that is open; null when none came in time, or a fault. */
export async function callOpen<T extends AgentRequestType>(
  connection: Connection,
  request: RequestOf<T>,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal: AbortSignal },
): Promise<AnswerOf<T> | null> {
  const limit = new AbortController();
  const cancelTimer = clock.after(timeoutMs, () => limit.abort());
  const outcome = await connection.request<T>(request, AbortSignal.any([signal, limit.signal]));
  cancelTimer();
  return outcome.ok ? outcome.value : null;
}

/** Calls hosts with whatever each of them is to be asked, under one deadline; `end` it when all has been asked. */
export class HostCalls {
  readonly #options: CallOptions;
  readonly #reach: HostReach;
  readonly #cancelTimer: () => void;
  /** What ends the pauses that are under way. */
  readonly #pauses = new Set<() => void>();

  constructor(options: CallOptions) {
    const { clock, timeoutMs, signal } = options;
    this.#options = options;
    this.#reach = new HostReach({ ...options, patienceMs: Math.min(1_000, timeoutMs / 10) });
    this.#cancelTimer = clock.after(timeoutMs, this.end);
    signal?.addEventListener('abort', this.end);
    if (signal?.aborted === true) this.end();
  }

  readonly end = (): void => {
    this.#options.signal?.removeEventListener('abort', this.end);
    this.#cancelTimer();
    this.#reach.end();
    for (const giveUp of this.#pauses) giveUp();
  };

  async call<T extends AgentRequestType>(target: HostTarget, request: Asked<T>): Promise<CallOutcome<T>> {
    const { retry } = this.#options;
    let sent = false;
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await this.#attempt(target, request);
      if (outcome.ok) return outcome;
      sent ||= outcome.sent;
      if (retry === undefined || !isPassing(outcome.fault, retry)) return { ...outcome, sent };
      // When time runs out meanwhile, what the last attempt met says most.
      if (!(await this.#pause(backoffMs(retryBackoff, attempts, retry.random()))))
        return { ...outcome, sent };
    }
  }

  async #attempt<T extends AgentRequestType>(target: HostTarget, request: Asked<T>): Promise<CallOutcome<T>> {
    let phase: PushPhase = 'queued';
    const reached = await new Promise<Result<Reached, ReachFault>>((resolve) => {
      this.#reach.reach(target, resolve, (next) => {
        phase = next;
      });
    });
    if (reached.ok) return this.#ask(reached.value, request);
    if (this.#reach.over.aborted) return this.#ended(phase, null);
    const kind = reached.fault.own === true ? ('own_limit' as const) : ('unreachable' as const);
    return { ok: false, fault: { kind, fault: reached.fault }, connection: null, sent: false };
  }

  async #ask<T extends AgentRequestType>(reached: Reached, request: Asked<T>): Promise<CallOutcome<T>> {
    const { connection } = reached;
    const outcome = await connection.request(
      typeof request === 'function' ? request(connection) : request,
      this.#reach.over,
    );
    if (outcome.ok) return { ok: true, answer: outcome.value, ...reached };
    const { fault } = outcome;
    switch (fault.kind) {
      case 'refused':
        return { ok: false, fault: { kind: 'refused', fault: fault.fault }, connection, sent: true };
      case 'closed':
        return { ok: false, fault: { kind: 'closed', closed: fault }, connection, sent: true };
      case 'aborted':
        return this.#ended('awaiting_ack', connection);
    }
  }

  #ended(phase: PushPhase, connection: Connection | null): Unanswered {
    const { signal, timeoutMs } = this.#options;
    const fault: CallFault =
      signal?.aborted === true
        ? { kind: 'cancelled', phase }
        : { kind: 'timed_out', phase, afterMs: timeoutMs };
    return { ok: false, fault, connection, sent: connection !== null };
  }

  /** Resolves to true after so long, to false when the calls have been ended before that. */
  #pause(ms: number): Promise<boolean> {
    if (this.#reach.over.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const cancelTimer = this.#options.clock.after(ms, () => {
        this.#pauses.delete(giveUp);
        resolve(true);
      });
      const giveUp = (): void => {
        cancelTimer();
        resolve(false);
      };
      this.#pauses.add(giveUp);
    });
  }
}

/** Whether the host may answer when it is called again. */
const isPassing = (
  fault: CallFault,
  { isOfUnreachable = true }: NonNullable<CallOptions['retry']>,
): boolean =>
  fault.kind === 'closed' || // What we ran out of may be there again.
  fault.kind === 'own_limit' ||
  (isOfUnreachable && fault.kind === 'unreachable' && fault.fault.retryable);
