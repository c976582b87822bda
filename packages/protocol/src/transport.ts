import type { ChannelAddress, Fault, Result } from '@hostmesh/core';
import type { ClockOffset } from './host-clock.ts';
import type { AnswerOf, RequestFault } from './message/answer-to.ts';
import type { EncodedRequest, RequestOf } from './message/encode.ts';
import type { AgentEvent } from './message/event.ts';
import type { Hello } from './message/hello.ts';
import type { AgentRequestType } from './message/request.ts';

/**
 * Why a connection could not be opened. `code` is an errno (`ECONNREFUSED`, `ENOTFOUND`, `EHOSTUNREACH`,
 * `ETIMEDOUT`, …), `TLS_…` with the reason, or one of ours: `UNAUTHORIZED` (it does not prove that it has our key), `NO_AGENT_KEY` (we have none), `NOT_AN_AGENT` (what
 * listens there does not speak the protocol), `PROTOCOL_VERSION`, `BAD_HELLO`, `UNSUPPORTED_ADDRESS`, `ABORTED`.
 * `retryable` is true when a host that is still booting can answer like this.
 */
export interface ConnectFault extends Fault {
  readonly phase: ConnectPhase;
  readonly retryable: boolean;
  /** We ran out of something ourselves, such as descriptors: the host has no part in it. */
  readonly own?: boolean;
}
export type ConnectPhase = 'connecting' | 'handshaking';

/** How a connection ended; `code` as in `RequestFault`. */
export interface Closed {
  readonly code: string;
  readonly message: string;
}

/** One open control channel to one agent, past its hello. */
export interface Connection {
  readonly address: ChannelAddress;
  readonly hello: Hello;
  /** Settles exactly once, in the turn in which `signal` fires at the latest; ids are unique among what is pending. */
  request<T extends AgentRequestType>(
    request: RequestOf<T> | EncodedRequest<T>,
    signal?: AbortSignal,
  ): Promise<Result<AnswerOf<T>, RequestFault>>;
  /** Calls back for each event, in order; returns what ends that. None comes before `stream_state` was asked. */
  onEvent(listener: (event: AgentEvent) => void): () => void;
  /** Resolves when the connection has ended, whoever ended it. Never rejects. */
  readonly closed: Promise<Closed>;
  /** Answers that nobody waited for: repeated, late, or to no request of ours. */
  readonly droppedAnswers: number;
  /** The greatest epoch that the host has told of on this connection: what it has seen, as far as we have heard. */
  readonly toldEpoch: number;
  /** How far the host's clock is ahead of ours, by all that was heard on this connection; what it reports is in our time. */
  readonly clockOffset: ClockOffset | null;
  close(): void;
}

export interface ConnectOptions {
  /** Ends everything: name resolution, connect, TLS, upgrade, hello. */
  readonly signal?: AbortSignal;
  /** Called when the peer's socket is open and the handshakes begin, of TLS first. */
  readonly onHandshaking?: () => void;
}

/** How the engine reaches agents (design section 11): small, so that others can be added. */
export interface Transport {
  /** Resolves once the agent has said hello. Never rejects. */
  connect(address: ChannelAddress, options?: ConnectOptions): Promise<Result<Connection, ConnectFault>>;
  /** Ends every connection that it opened. */
  close(): Promise<void>;
}
