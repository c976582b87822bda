import { ok, type ChannelAddress, type Result } from '@hostmesh/core';
import type { CloseReason, FrameChannel, FrameListener } from '../channel/frame-channel.ts';
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../message/common.ts';
import { encodeAnswer, type AgentReply } from '../message/encode.ts';
import type { AgentEvent } from '../message/event.ts';
import { parseRequest } from '../message/frame.ts';
import type { AgentRequest } from '../message/request.ts';
import { versionConflict } from '../message/version.ts';
import type { AgentHandler, ClientConnection, StreamReply } from './agent-handler.ts';
import type { ListenFault } from './listen.ts';
import { serveChannels, type ChannelServer, type ChannelServerOptions } from './serve-channels.ts';

/** Unread bytes that a client may leave: a few of the longest frames. */
const MAX_BUFFERED_BYTES = 4 * MAX_FRAME_BYTES;

export interface ServeOptions extends ChannelServerOptions {
  readonly handler: AgentHandler;
  /** A client that leaves more than this unread is closed as `SLOW_CLIENT`. */
  readonly maxBufferedBytes?: number | undefined;
}

/** An agent that listens. */
export interface AgentServer extends Pick<ChannelServer, 'renewTls' | 'renewKey'> {
  /** Where clients reach it, with the real port. */
  readonly address: ChannelAddress;
  readonly connections: ReadonlySet<ClientConnection>;
  /** Says goodbye to every client, after what was already answered; resolves when no handle is left. */
  close(): Promise<void>;
}

/** Serves the agent protocol at an address (design section 5). */
export async function serveAgent(options: ServeOptions): Promise<Result<AgentServer, ListenFault>> {
  const { handler, onBug, maxBufferedBytes = MAX_BUFFERED_BYTES } = options;
  const sessions = new Set<AgentSession>();
  let accepted = 0;

  const server = await serveChannels(options, (channel, clientVersion) => {
    const conflict = versionConflict({ client: clientVersion });
    if (conflict !== null) {
      // Enough of a hello for a client of any version to tell what it is about.
      channel.send(JSON.stringify({ type: 'hello', protocolVersion: PROTOCOL_VERSION }));
      return channel.close('PROTOCOL_VERSION', conflict);
    }
    accepted += 1;
    const session = new AgentSession(`client-${accepted}`, channel, { handler, onBug, maxBufferedBytes });
    sessions.add(session);
    void session.released.then(() => sessions.delete(session));
    session.start();
  });
  if (!server.ok) return server;
  handler.onEvent((event) => {
    const encoded = Buffer.from(JSON.stringify(event));
    for (const session of sessions) session.publish(event, encoded);
  });

  const farewell = async (): Promise<void> => {
    for (const session of sessions) session.close('SHUTTING_DOWN', 'the agent shuts down');
    await Promise.all([...sessions].map((session) => session.released));
  };
  return ok({
    address: server.value.address,
    connections: sessions,
    renewTls: (credentials) => server.value.renewTls(credentials),
    renewKey: (key) => server.value.renewKey(key),
    close: () => server.value.close(farewell),
  });
}

type SessionState =
  | { readonly kind: 'quiet' }
  /** Gets events; `lastSeq` was the last: a replay and a publication may overlap. */
  | { readonly kind: 'streaming'; lastSeq: number }
  | { readonly kind: 'ended' };

interface SessionOptions {
  readonly handler: AgentHandler;
  /** A client that leaves more than this unread is closed. */
  readonly maxBufferedBytes: number;
  /** Bugs of the handler, which clients hear of as `internal` and no more. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

/** The agent's side of one channel: hello, one answer per request, events if asked for. */
class AgentSession implements ClientConnection, FrameListener {
  readonly id: string;
  readonly #channel: FrameChannel;
  readonly #options: SessionOptions;
  /** Made on demand: few handlers have something to end early, and an abort is dear. */
  #abort: AbortController | null = null;
  #state: SessionState = { kind: 'quiet' };

  constructor(id: string, channel: FrameChannel, options: SessionOptions) {
    this.id = id;
    this.#channel = channel;
    this.#options = options;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#state.kind === 'ended') this.#abort.abort();
    return this.#abort.signal;
  }

  get released(): Promise<void> {
    return this.#channel.released;
  }

  start(): void {
    this.#send(JSON.stringify(this.#options.handler.hello()));
    this.#channel.listen(this);
  }

  frame(text: string): void {
    const parsed = parseRequest(text);
    if (parsed.ok) return this.#handle(parsed.value);
    const { code, message, id } = parsed.fault;
    if (id === undefined) this.close('BAD_FRAME', message);
    else this.#answer(id, { ok: false, fault: { code, message } });
  }

  ended(): void {
    this.#state = { kind: 'ended' };
    this.#abort?.abort();
  }

  /** Sends an event that was encoded once for all clients to those that stream. */
  publish(event: AgentEvent, encoded: Buffer): void {
    if (this.#state.kind !== 'streaming' || event.seq <= this.#state.lastSeq) return;
    this.#state.lastSeq = event.seq;
    this.#send(encoded);
  }

  close(reason: CloseReason, message: string): void {
    this.#channel.close(reason, message);
  }

  terminate(): void {
    this.#channel.terminate();
    this.ended();
  }

  #handle(request: AgentRequest): void {
    let reply: ReturnType<AgentHandler['request']>;
    try {
      reply = this.#options.handler.request(request, this);
    } catch (error) {
      return this.#failed(request.id, error);
    }
    if (reply instanceof Promise) {
      reply.then(
        (settled) => this.#answer(request.id, settled),
        (error: unknown) => this.#failed(request.id, error),
      );
    } else this.#answer(request.id, reply);
  }

  #answer(id: string, reply: AgentReply | StreamReply): void {
    this.#send(encodeAnswer(id, reply));
    if (!reply.ok || reply.result.kind !== 'streaming' || this.#state.kind === 'ended') return;
    this.#state = { kind: 'streaming', lastSeq: 0 };
    const replay = ('replay' in reply ? reply.replay : undefined) ?? [];
    for (const event of replay) this.publish(event, Buffer.from(JSON.stringify(event)));
  }

  #failed(id: string, error: unknown): void {
    this.#options.onBug?.(error);
    this.#answer(id, { ok: false, fault: { code: 'internal', message: 'the agent failed on this request' } });
  }

  #send(payload: string | Buffer): void {
    this.#channel.send(payload);
    if (this.#channel.bufferedBytes <= this.#options.maxBufferedBytes) return;
    this.close('SLOW_CLIENT', 'the client does not read what it asked for');
  }
}
