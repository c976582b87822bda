import { connect, type LookupFunction, type Socket } from 'node:net';
import { fail, ok, type ChannelAddress, type Result } from '@hostmesh/core';
import type { FrameChannel, FrameListener } from '../channel/frame-channel.ts';
import { WebSocketChannel } from '../channel/websocket-channel.ts';
import { unwatchAbort, watchAbort, type Abortable } from '../connection/abort-watch.ts';
import { AgentConnection } from '../connection/agent-connection.ts';
import type { AgentKey } from '../proof/agent-key.ts';
import type { Closed, ConnectFault, ConnectOptions, ConnectPhase } from '../transport.ts';
import { connectFault, faultOfError } from './connect-fault.ts';
import { WORDLESS } from './guess-protocol.ts';
import { readHello } from './read-hello.ts';
import type { SocketAddress } from './socket-address.ts';
import type { TlsClient } from './tls-client.ts';
import { judgeAgent, type Trust } from './trust.ts';
import { notAnAgentFault, readUpgradeAnswer, upgradeRequest } from './upgrade.ts';

/** What the dials of one transport share. */
export interface DialOptions {
  readonly agentKey?: AgentKey | undefined;
  readonly maxFrameBytes: number;
  readonly lookup?: LookupFunction | undefined;
  readonly tls?: TlsClient | undefined;
}

/** What a dial has opened so far; giving up means destroying exactly that. */
type DialState =
  | { readonly kind: 'idle' }
  /** Name resolution and connect; the socket owns both. */
  | { readonly kind: 'connecting'; readonly socket: Socket }
  /** TLS and the WebSocket handshake; `received` is the part of the answer that is here. */
  | { readonly kind: 'upgrading'; readonly socket: Socket; readonly accept: string; received: Buffer }
  /** Asking whether one that has hung up speaks HTTP. */
  | { readonly kind: 'probing'; readonly socket: Socket }
  | { readonly kind: 'awaiting_hello'; readonly channel: FrameChannel; readonly trust: Trust }
  | { readonly kind: 'settled' };

type DialOutcome = Result<AgentConnection, ConnectFault>;

/**
 * One attempt to reach one agent, from name resolution to its hello. Settles once: with a connection, with a fault, or
 * in the turn in which it is aborted. The signal has not fired when it begins.
 */
export class Dial implements Abortable, FrameListener {
  readonly outcome: Promise<DialOutcome>;
  readonly #address: ChannelAddress;
  readonly #connect: ConnectOptions;
  readonly #resolve: (outcome: DialOutcome) => void;
  #state: DialState = { kind: 'idle' };
  /** Since when the agent's hello can come, in milliseconds that never go back. */
  #askedAt = performance.now();

  constructor(address: ChannelAddress, connect: ConnectOptions) {
    this.#address = address;
    this.#connect = connect;
    const outcome = Promise.withResolvers<DialOutcome>();
    this.outcome = outcome.promise;
    this.#resolve = outcome.resolve;
    if (connect.signal !== undefined) watchAbort(connect.signal, this);
  }

  /** Over a socket, with a WebSocket handshake. */
  open(target: SocketAddress, options: DialOptions): void {
    const secure = target.kind === 'tls';
    const socket = openSocket(target, options);
    this.#state = { kind: 'connecting', socket };

    const { text, accept, nonce } = upgradeRequest(hostHeader(target));

    const onConnect = (): void => {
      this.#state = { kind: 'upgrading', socket, accept, received: Buffer.alloc(0) };
      this.#connect.onHandshaking?.();
    };
    const onData = (chunk: Buffer): void => {
      const state = this.#state;
      if (state.kind !== 'upgrading') return;
      state.received = state.received.length === 0 ? chunk : Buffer.concat([state.received, chunk]);
      const answer = readUpgradeAnswer(state.received, state.accept);
      if (answer.kind === 'refused') this.#fail(answer.fault);
      if (answer.kind !== 'accepted') return;
      const trust = judgeAgent(answer.said, { target, key: options.agentKey, nonce });
      if (!trust.ok) return this.#fail(trust.fault);
      socket.off('data', onData).off('error', onError).off('close', onClose);
      const channel = new WebSocketChannel(socket, 'client', options.maxFrameBytes, answer.head);
      if (trust.value.kind === 'proved') {
        // It leaves together with what is asked first, as soon as the hello is read.
        socket.cork();
        setImmediate(() => socket.uncork());
        channel.send(trust.value.side.proof);
      }
      this.awaitHello(channel, trust.value);
    };
    let isGreeted = false;
    const hungUp = (): void => {
      const state = this.#state;
      const isWordless = isGreeted && state.kind === 'upgrading' && state.received.length === 0;
      // A peer whose certificate is good has a reason of its own.
      if (isWordless && !secure) this.#probe(target, options);
      else this.#fail(cutOff(this.#phase));
    };
    const onError = (error: Error): void => {
      const fault = faultOfError(error, this.#phase, secure);
      if (fault.code === 'ECONNRESET') hungUp();
      else this.#fail(fault);
    };
    const onClose = (): void => {
      if (this.#state.kind !== 'probing') hungUp();
    };
    socket.on('connect', onConnect).on('data', onData).on('error', onError).on('close', onClose);
    socket.on(secure ? 'secureConnect' : 'connect', () => {
      this.#askedAt = performance.now();
      isGreeted = true;
      socket.write(text);
    });
  }

  /**
   * It hung up at our greeting without a word, as an agent does that ends, and as a service does that takes it for
   * something else: of the two only an agent answers HTTP.
   */
  #probe(target: SocketAddress, options: DialOptions): void {
    const socket = openSocket(target, options);
    this.#state = { kind: 'probing', socket };
    const inDoubt = (): void => this.#fail(cutOff('handshaking'));
    let isAsked = false;
    const hungUp = (): void =>
      isAsked ? this.#fail(notAnAgentFault(WORDLESS, { retryable: true })) : inDoubt();
    socket
      .on('connect', () => {
        isAsked = true;
        socket.write('GET /healthz HTTP/1.0\r\n\r\n');
      })
      .on('data', inDoubt)
      .on('error', hungUp)
      .on('close', hungUp)
      .setTimeout(PROBE_MS, inDoubt);
  }

  /** The rest, the same on every kind of channel: the agent speaks first. */
  awaitHello(channel: FrameChannel, trust: Trust): void {
    if (this.#state.kind === 'settled') {
      channel.terminate();
      return;
    }
    this.#state = { kind: 'awaiting_hello', channel, trust };
    channel.listen(this);
  }

  /** Nothing to dial. */
  refuse(code: string, message: string, retryable = false): void {
    this.#fail(connectFault('connecting', code, message, { retryable }));
  }

  frame(text: string): void {
    if (this.#state.kind !== 'awaiting_hello') return;
    const { channel, trust } = this.#state;
    const hello = readHello(text, trust);
    if (!hello.ok) return this.#fail(hello.fault);
    const connection = new AgentConnection(
      this.#address,
      hello.value,
      channel,
      performance.now() - this.#askedAt,
    );
    channel.listen(connection);
    this.#settle(ok(connection));
  }

  ended({ code, message }: Closed): void {
    const garbled = code === 'BAD_FRAME' || code === 'FRAME_TOO_LARGE';
    this.#fail(garbled ? connectFault('handshaking', 'BAD_HELLO', message) : cutOff('handshaking'));
  }

  aborted(): void {
    this.#fail(connectFault(this.#phase, 'ABORTED', 'aborted'));
  }

  get #phase(): ConnectPhase {
    return this.#state.kind === 'idle' || this.#state.kind === 'connecting' ? 'connecting' : 'handshaking';
  }

  #fail(fault: ConnectFault): void {
    const state = this.#state;
    this.#settle(fail(fault));
    if (state.kind === 'awaiting_hello') state.channel.terminate();
    else if ('socket' in state) state.socket.destroy();
  }

  #settle(outcome: DialOutcome): void {
    if (this.#state.kind === 'settled') return;
    this.#state = { kind: 'settled' };
    if (this.#connect.signal !== undefined) unwatchAbort(this.#connect.signal, this);
    this.#resolve(outcome);
  }
}

/** How long one that has hung up is waited for when it is asked whether it speaks HTTP. */
const PROBE_MS = 500;

const cutOff = (phase: ConnectPhase): ConnectFault =>
  connectFault(phase, 'ECONNRESET', 'connection closed by the peer', { retryable: true });

function hostHeader(target: SocketAddress): string {
  if (target.kind === 'unix' || target.kind === 'unix-abstract') return 'localhost';
  return `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
}

/**
 * How long one of several addresses of a name gets before the next is tried. Node's 250 ms is short of what a loaded
 * process needs to notice that it is connected.
 */
const NEXT_ADDRESS_AFTER_MS = 2_000;

/** Begins to connect. Destroying the socket ends name resolution, connect and TLS at once. */
function openSocket(address: SocketAddress, options: DialOptions): Socket {
  if (address.kind === 'unix') return connect({ path: address.path });
  if (address.kind === 'unix-abstract') return connect({ path: `\0${address.name}` });
  const target = {
    host: address.host,
    port: address.port,
    noDelay: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  };
  if (address.kind === 'tcp') return connect(target);
  if (options.tls === undefined) throw new Error('tls: addresses need certificates');
  return options.tls.connect(target);
}
