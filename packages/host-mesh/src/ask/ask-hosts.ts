import type { AgentRequestType, AnswerOf, Connection, EncodedRequest, Transport } from '@hostmesh/protocol';
import { backoffMs } from '../clock/backoff.ts';
import type { Clock } from '../clock/clock.ts';
import { dial } from '../links/dial.ts';
import { DialSlots } from '../links/dial-slots.ts';
import type { HostLinks } from '../links/host-links.ts';
import type { HostTarget } from '../ref/host-target.ts';
import type { PushPhase } from '../push/config-push-failure.ts';
import type { AskFault } from './ask-fault.ts';

export interface AskOptions {
  readonly transport: Transport;
  /** Where open connections are taken from, and new ones put. */
  readonly links: HostLinks;
  /** Total deadline of asking all hosts. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /**
   * Until the deadline, asks again whoever loses the connection, and, unless `isOfUnreachable` is false, whoever cannot
   * be reached either; with this randomness.
   */
  readonly retry?: { readonly random: () => number; readonly isOfUnreachable?: boolean };
}

/** What one host answered to a request of this type; `connectMs` is null when the connection was open before. */
export type AskOutcome<T extends AgentRequestType = AgentRequestType> =
  | {
      readonly ok: true;
      readonly answer: AnswerOf<T>;
      readonly connection: Connection;
      readonly connectMs: number | null;
    }
  | Unanswered;

interface Unanswered {
  readonly ok: false;
  readonly fault: AskFault;
  readonly connection: Connection | null;
  /** The host may have got the request, this time or before. */
  readonly sent: boolean;
}

/** How many hosts are begun with in one turn of the event loop. */
const TURN_SIZE = 50;
const retryBackoff = { firstMs: 50, maxMs: 1_000 };

/**
 * Sends the same request to many hosts, over connections that are open or else new ones, and tells each outcome as
 * soon as it is known. Resolves when all are: at the deadline, or when the signal fires, at the latest.
 */
export async function askHosts<T extends AgentRequestType>(
  targets: readonly HostTarget[],
  request: EncodedRequest<T>,
  options: AskOptions,
  tell: (rank: number, outcome: AskOutcome<T>) => void,
): Promise<void> {
  const asking = new Asking(options);
  const told: Promise<void>[] = [];
  for (const [index, target] of targets.entries()) {
    told.push(asking.host(target, request).then((outcome) => tell(target.rank, outcome)));
    // Timers and answers of others have their turn in between, however many hosts there are.
    if (index % TURN_SIZE === TURN_SIZE - 1) await new Promise<void>((next) => options.clock.nextTurn(next));
  }
  await Promise.all(told);
  asking.end();
}

/** Asks hosts whatever each of them is to be asked, under one deadline; `end` it when all has been asked. */
export class Asking {
  readonly #options: AskOptions;
  readonly #slots: DialSlots;
  readonly #cancelTimer: () => void;
  readonly #over = new AbortController();
  /** What ends the waits that are under way. */
  readonly #waits = new Set<() => void>();

  constructor(options: AskOptions) {
    const { clock, concurrency, timeoutMs, signal } = options;
    this.#options = options;
    this.#slots = new DialSlots(clock, concurrency, Math.min(1_000, timeoutMs / 10));
    this.#cancelTimer = clock.after(timeoutMs, this.end);
    signal?.addEventListener('abort', this.end);
    if (signal?.aborted === true) this.end();
  }

  readonly end = (): void => {
    this.#options.signal?.removeEventListener('abort', this.end);
    this.#cancelTimer();
    this.#slots.close();
    this.#over.abort();
    for (const giveUp of this.#waits) giveUp();
  };

  async host<T extends AgentRequestType>(
    target: HostTarget,
    request: EncodedRequest<T>,
  ): Promise<AskOutcome<T>> {
    const { clock, retry } = this.#options;
    let sent = false;
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await this.#once(target, request);
      if (outcome.ok) return outcome;
      sent ||= outcome.sent;
      if (retry === undefined || !isPassing(outcome.fault, retry)) return { ...outcome, sent };
      const pauseMs = backoffMs(retryBackoff, attempts, retry.random());
      // When time runs out meanwhile, what the last attempt met says most.
      if (!(await this.#wait((done) => clock.after(pauseMs, done)))) return { ...outcome, sent };
    }
  }

  async #once<T extends AgentRequestType>(
    target: HostTarget,
    request: EncodedRequest<T>,
  ): Promise<AskOutcome<T>> {
    const open = this.#options.links.get(target.rank);
    return open === undefined ? this.#dialAndAsk(target, request) : this.#ask(open, request, null);
  }

  async #dialAndAsk<T extends AgentRequestType>(
    { rank, address }: HostTarget,
    request: EncodedRequest<T>,
  ): Promise<AskOutcome<T>> {
    const { links, transport, clock } = this.#options;
    if (!(await this.#wait((done) => this.#slots.enter(rank, done)))) return this.#ended('queued', null);
    const startedAt = clock.now();
    let phase: PushPhase = 'connecting';
    const dialled = await dial(transport, address, clock, {
      signal: this.#over.signal,
      limitMs: null,
      onHandshaking: () => {
        phase = 'handshaking';
      },
    });
    this.#slots.leave(rank);
    if (dialled.ok) return this.#ask(links.keep(rank, dialled.value), request, clock.now() - startedAt);
    if (this.#over.signal.aborted) return this.#ended(phase, null);
    return { ok: false, fault: { kind: 'unreachable', fault: dialled.fault }, connection: null, sent: false };
  }

  async #ask<T extends AgentRequestType>(
    connection: Connection,
    request: EncodedRequest<T>,
    connectMs: number | null,
  ): Promise<AskOutcome<T>> {
    const outcome = await connection.request(request, this.#over.signal);
    if (outcome.ok) return { ok: true, answer: outcome.value, connection, connectMs };
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
    const fault: AskFault =
      signal?.aborted === true
        ? { kind: 'cancelled', phase }
        : { kind: 'timed_out', phase, afterMs: timeoutMs };
    return { ok: false, fault, connection, sent: connection !== null };
  }

  /** Resolves to true when `start` calls back, to false when the asking is over before that. */
  #wait(start: (done: () => void) => (() => void) | void): Promise<boolean> {
    if (this.#over.signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      let cancel: (() => void) | void = undefined;
      const giveUp = (): void => {
        cancel?.();
        resolve(false);
      };
      this.#waits.add(giveUp);
      cancel = start(() => {
        this.#waits.delete(giveUp);
        resolve(true);
      });
    });
  }
}

/** Whether the host may answer when it is asked again. */
const isPassing = (fault: AskFault, { isOfUnreachable = true }: NonNullable<AskOptions['retry']>): boolean =>
  fault.kind === 'closed' || (isOfUnreachable && fault.kind === 'unreachable' && fault.fault.retryable);
