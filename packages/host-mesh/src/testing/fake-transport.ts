import { fail, ok, printAddress, type ChannelAddress, type Result } from '@hostmesh/core';
import {
  readAnswer,
  refused,
  toldEpoch,
  type AgentEvent,
  type AgentRequest,
  type AgentRequestType,
  type AnswerOf,
  type Closed,
  type ConnectFault,
  type Connection,
  type ConnectOptions,
  type EncodedRequest,
  type RequestFault,
  type RequestOf,
  type Transport,
} from '@hostmesh/protocol';
import type { Clock } from '../clock/clock.ts';
import { FakeAgent } from './fake-agent.ts';

type NoAnswer = Result<never, RequestFault>;

/** Reaches fake agents; an address has one as soon as it is asked for. */
export class FakeTransport implements Transport {
  readonly #clock: Clock;
  readonly #agents = new Map<string, FakeAgent>();
  readonly connections = new Map<string, FakeConnection>();
  /** Addresses in the order in which they were dialled. */
  readonly dials: string[] = [];
  /** How many dials may begin and connections open: each takes one until it ends. */
  descriptors = Infinity;
  dialling = 0;
  mostDialling = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  agent(address: string): FakeAgent {
    const agent = this.#agents.get(address) ?? new FakeAgent(`host-of-${address}`, () => this.#clock.now());
    this.#agents.set(address, agent);
    return agent;
  }

  /** Makes an address lead to the agent of another one. */
  alias(address: string, of: string): void {
    this.#agents.set(address, this.agent(of));
  }

  async connect(
    address: ChannelAddress,
    { signal, onHandshaking }: ConnectOptions = {},
  ): Promise<Result<Connection, ConnectFault>> {
    const text = printAddress(address);
    this.dials.push(text);
    this.dialling += 1;
    this.mostDialling = Math.max(this.mostDialling, this.dialling);
    if (this.descriptors <= 0) {
      await Promise.resolve();
      this.dialling -= 1;
      const message = 'this process has too many open files';
      return fail({ code: 'EMFILE', message, phase: 'connecting', retryable: false, own: true });
    }
    this.descriptors -= 1;
    const agent = this.agent(text);
    const { dial, frozen } = agent.behaviour;
    await (dial === 'hang' || frozen === true
      ? new Promise<void>((resolve) => onAbort(signal, resolve))
      : Promise.resolve());
    this.dialling -= 1;
    if (signal?.aborted === true || typeof dial === 'object') this.descriptors += 1;
    if (signal?.aborted === true) return refusal('ABORTED', false);
    if (typeof dial === 'object') return refusal(dial.code, dial.retryable);
    onHandshaking?.();
    const connection = new FakeConnection(address, agent, this.#clock);
    this.connections.set(text, connection);
    if (dial === 'hang_up') connection.end('ECONNRESET');
    return ok(connection);
  }

  close(): Promise<void> {
    for (const connection of this.connections.values()) connection.close();
    return Promise.resolve();
  }
}

/** One connection to a fake agent. */
export class FakeConnection implements Connection {
  readonly address: ChannelAddress;
  readonly hello;
  readonly closed: Promise<Closed>;
  readonly droppedAnswers = 0;
  clockOffset = null;
  toldEpoch: number;
  readonly #agent: FakeAgent;
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: AgentEvent) => void>();
  readonly #waiting = new Set<(fault: NoAnswer) => void>();
  readonly #close: (closed: Closed) => void;
  isOpen = true;

  constructor(address: ChannelAddress, agent: FakeAgent, clock: Clock) {
    this.address = address;
    this.hello = agent.hello();
    this.toldEpoch = this.hello.config.epoch;
    this.#agent = agent;
    this.#clock = clock;
    const closed = Promise.withResolvers<Closed>();
    this.closed = closed.promise;
    this.#close = closed.resolve;
  }

  request<T extends AgentRequestType>(
    request: RequestOf<T> | EncodedRequest<T>,
    signal?: AbortSignal,
  ): Promise<Result<AnswerOf<T>, RequestFault>> {
    return new Promise((resolve) => {
      if (!this.isOpen) return resolve(closedFault('CLOSED'));
      if (signal?.aborted === true) return resolve(aborted);
      this.#waiting.add(resolve);
      onAbort(signal, () => resolve(aborted));
      // What the engine encoded is a request; the fake does not parse it again.
      const body = 'bytes' in request ? (JSON.parse(request.bytes.toString()) as AgentRequest) : request;
      const { push, pushDelayMs = 0 } = this.#agent.behaviour;
      const { procs } = this.#agent;
      const closesAfterSpawn = body.type === 'spawn_procs' && procs.behaviour.spawn === 'start_and_close';
      // The connection is gone by the time that there is something to tell.
      if (closesAfterSpawn) this.#agent.streams.clear();
      const answer = this.#agent.answer(body);
      if (closesAfterSpawn) {
        const { spawn: _, ...others } = procs.behaviour;
        procs.behaviour = others;
        return this.end('ECONNRESET');
      }
      const closes = push === 'close' || push === 'install_and_close' || push === 'install_and_die';
      if (body.type === 'set_client_config' && closes) return this.end('ECONNRESET');
      if (answer === null) return;
      this.toldEpoch = Math.max(this.toldEpoch, toldEpoch(answer));
      if ('kind' in answer && answer.kind === 'streaming') {
        this.#agent.streams.add(this.emit);
        const after = body.type === 'stream_state' ? (body.after?.seq ?? 0) : 0;
        if (answer.resumed) this.#agent.eventsAfter(after).forEach(this.emit);
      }
      const result = 'kind' in answer ? readAnswer(request.type, answer) : refused(answer);
      if (body.type === 'set_client_config' && pushDelayMs > 0)
        this.#clock.after(pushDelayMs, () => resolve(result));
      else resolve(result);
    });
  }

  onEvent(listener: (event: AgentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  readonly emit = (event: AgentEvent): void => {
    this.toldEpoch = Math.max(this.toldEpoch, toldEpoch(event.change));
    for (const listener of this.#listeners) listener(event);
  };

  close(): void {
    this.end('CLOSED');
  }

  /** The connection ends with this code. */
  end(code: string): void {
    this.isOpen = false;
    this.#agent.streams.delete(this.emit);
    for (const settle of this.#waiting) settle(closedFault(code));
    this.#close({ code, message: 'connection closed' });
  }
}

const aborted: NoAnswer = fail({ kind: 'aborted', code: 'ABORTED', message: 'aborted' });

const closedFault = (code: string): NoAnswer => fail({ kind: 'closed', code, message: 'connection closed' });

const refusal = (code: string, retryable: boolean) =>
  fail<ConnectFault>({ code, message: 'connection refused', phase: 'connecting', retryable });

function onAbort(signal: AbortSignal | undefined, callback: () => void): void {
  signal?.addEventListener('abort', callback, { once: true });
}
