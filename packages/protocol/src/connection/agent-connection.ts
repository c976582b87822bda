import { assertNever, fail, type ChannelAddress, type Result } from '@hostmesh/core';
import type { FrameChannel, FrameListener } from '../channel/frame-channel.ts';
import { readAnswer, refused, type AnswerOf, type RequestFault } from '../message/answer-to.ts';
import type { Answer, AnswerResult } from '../message/answer.ts';
import { toldEpoch } from '../message/epochs.ts';
import { encodeRequest, type EncodedRequest, type RequestOf } from '../message/encode.ts';
import type { AgentEvent } from '../message/event.ts';
import { parseAgentFrame } from '../message/frame.ts';
import type { Hello } from '../message/hello.ts';
import { answerInOurTime, eventInOurTime } from '../message/our-time.ts';
import type { AgentRequestType } from '../message/request.ts';
import type { Closed, Connection } from '../transport.ts';
import { HostClock, type ClockOffset } from '../host-clock.ts';
import { unwatchAbort, watchAbort, type Abortable } from './abort-watch.ts';

type ConnectionState =
  | { readonly kind: 'open'; readonly pending: Map<string, PendingRequest> }
  | { readonly kind: 'ended'; readonly closed: Closed };

/** The client's side of a channel past its hello. Whatever the agent reports comes out in our time. */
export class AgentConnection implements Connection, FrameListener {
  readonly address: ChannelAddress;
  readonly hello: Hello;
  readonly closed: Promise<Closed>;
  readonly #clock = new HostClock();
  readonly #channel: FrameChannel;
  readonly #resolveClosed: (closed: Closed) => void;
  readonly #eventListeners = new Set<(event: AgentEvent) => void>();
  #state: ConnectionState = { kind: 'open', pending: new Map() };
  #droppedAnswers = 0;
  #toldEpoch: number;

  /** `tookMs`: how long the hello was waited for. */
  constructor(address: ChannelAddress, hello: Hello, channel: FrameChannel, tookMs: number) {
    this.address = address;
    this.hello = hello;
    this.#toldEpoch = hello.config.epoch;
    this.#channel = channel;
    this.#clock.heard(hello.time, tookMs);
    const closed = Promise.withResolvers<Closed>();
    this.closed = closed.promise;
    this.#resolveClosed = closed.resolve;
  }

  get clockOffset(): ClockOffset | null {
    return this.#clock.offset;
  }

  /** Resolves when no handle of it is left. */
  get released(): Promise<void> {
    return this.#channel.released;
  }

  get droppedAnswers(): number {
    return this.#droppedAnswers;
  }

  get toldEpoch(): number {
    return this.#toldEpoch;
  }

  request<T extends AgentRequestType>(
    request: RequestOf<T> | EncodedRequest<T>,
    signal?: AbortSignal,
  ): Promise<Result<AnswerOf<T>, RequestFault>> {
    const state = this.#state;
    if (state.kind === 'ended') return Promise.resolve(fail({ kind: 'closed', ...state.closed }));
    if (signal?.aborted === true) return Promise.resolve(abortedFault);
    if (state.pending.has(request.id)) throw new Error(`request id ${request.id} is in use`);
    const encoded = 'bytes' in request ? request : encodeRequest(request);
    return new Promise((resolve) => {
      state.pending.set(encoded.id, new Pending(encoded, state.pending, resolve, signal));
      this.#channel.send(encoded.bytes);
    });
  }

  onEvent(listener: (event: AgentEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => void this.#eventListeners.delete(listener);
  }

  close(): void {
    this.#channel.close('CLOSED', 'we closed the connection');
  }

  frame(text: string): void {
    const parsed = parseAgentFrame(text);
    if (!parsed.ok) return this.#channel.close('BAD_FRAME', parsed.fault.message);
    const frame = parsed.value;
    switch (frame.type) {
      case 'answer':
        return this.#answered(frame);
      case 'event':
        return this.#happened(eventInOurTime(frame, this.#clock.ours));
      case 'hello':
        return this.#channel.close('BAD_FRAME', 'the agent said hello twice');
      default:
        return assertNever(frame);
    }
  }

  ended(closed: Closed): void {
    if (this.#state.kind === 'ended') return;
    const { pending } = this.#state;
    this.#state = { kind: 'ended', closed };
    for (const request of pending.values()) request.settle(fail({ kind: 'closed', ...closed }));
    this.#resolveClosed(closed);
  }

  #happened(event: AgentEvent): void {
    this.#told(event.change);
    for (const listener of this.#eventListeners) listener(event);
  }

  #told(said: Parameters<typeof toldEpoch>[0]): void {
    this.#toldEpoch = Math.max(this.#toldEpoch, toldEpoch(said));
  }

  #answered(answer: Answer): void {
    this.#told(answer.ok ? answer.result : answer.fault);
    const request = this.#state.kind === 'open' ? this.#state.pending.get(answer.id) : undefined;
    // A second answer, one that comes after the caller gave up, or one to nothing that we asked.
    if (request === undefined) this.#droppedAnswers += 1;
    else if (!answer.ok) request.settle(refused(answer.fault));
    else {
      const { result } = answer;
      if (result.kind === 'alive') this.#clock.heard(result.time, performance.now() - request.sentAt);
      request.answered(answerInOurTime(result, this.#clock.ours));
    }
  }
}

/** A request that waits for its answer, as the table of them knows it. */
interface PendingRequest {
  /** In milliseconds that never go back. */
  readonly sentAt: number;
  answered(result: AnswerResult): void;
  settle(outcome: Result<never, RequestFault>): void;
}

/** A row of the request table: leaves it when it settles, which it does once. */
class Pending<T extends AgentRequestType> implements PendingRequest, Abortable {
  readonly sentAt = performance.now();
  readonly #request: EncodedRequest<T>;
  readonly #table: Map<string, PendingRequest>;
  readonly #resolve: (outcome: Result<AnswerOf<T>, RequestFault>) => void;
  readonly #signal: AbortSignal | undefined;

  constructor(
    request: EncodedRequest<T>,
    table: Map<string, PendingRequest>,
    resolve: (outcome: Result<AnswerOf<T>, RequestFault>) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#request = request;
    this.#table = table;
    this.#resolve = resolve;
    this.#signal = signal;
    if (signal !== undefined) watchAbort(signal, this);
  }

  answered(result: AnswerResult): void {
    this.settle(readAnswer(this.#request.type, result));
  }

  settle(outcome: Result<AnswerOf<T>, RequestFault>): void {
    this.#table.delete(this.#request.id);
    if (this.#signal !== undefined) unwatchAbort(this.#signal, this);
    this.#resolve(outcome);
  }

  aborted(): void {
    this.settle(abortedFault);
  }
}

const abortedFault = fail({ kind: 'aborted', code: 'ABORTED', message: 'aborted' } as const);
