import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fail, ok, type ChannelAddress, type Result } from '@hostmesh/core';
import type { FrameChannel } from '../channel/frame-channel.ts';
import { WebSocketChannel } from '../channel/websocket-channel.ts';
import type { SocketAddress, TlsCredentials } from '../dial/open-socket.ts';
import type { LocalNetwork } from '../local/local-network.ts';
import { MAX_FRAME_BYTES } from '../message/common.ts';
import type { AgentEvent } from '../message/event.ts';
import { answerUpgrade } from './accept-upgrade.ts';
import type { AgentHandler, ClientConnection } from './agent-handler.ts';
import { AgentSession, type SessionOptions } from './agent-session.ts';
import { answerHttp, type HttpHandler } from './http.ts';
import { createServerFor, listen, type ListenFault } from './listen.ts';

export interface ServeOptions {
  /** Port 0 takes any free one; of an alias, its bind half. */
  readonly listen: ChannelAddress;
  readonly handler: AgentHandler;
  /** Asked of every client when given. */
  readonly agentKey?: string;
  /** For `tls:`. */
  readonly tls?: TlsCredentials;
  readonly maxFrameBytes?: number;
  readonly maxBufferedBytes?: number;
  /** For `local:`. */
  readonly local?: LocalNetwork;
  readonly onHttp?: HttpHandler;
  /** Hears of bugs in the handlers. */
  readonly onBug?: (error: unknown) => void;
  /** Sees each raw socket before any byte of it is read. True takes it over: for hosts that misbehave on cue. */
  readonly takeSocket?: (socket: Duplex) => boolean;
}

/** An agent that listens. */
export interface AgentServer {
  /** Where clients reach it, with the real port. */
  readonly address: ChannelAddress;
  readonly connections: ReadonlySet<ClientConnection>;
  /** Sends an event to every client that streams. */
  publish(event: AgentEvent): void;
  /** Says goodbye to every client, after what was already answered; resolves when no handle is left. */
  close(): Promise<void>;
}

/** Unread bytes that a client may leave: a few of the longest frames. */
const MAX_BUFFERED_BYTES = 4 * MAX_FRAME_BYTES;

/** Serves the agent protocol at an address; fails as `ListenFault` says. */
export async function serveAgent(options: ServeOptions): Promise<Result<AgentServer, ListenFault>> {
  const sessions = new Sessions({
    handler: options.handler,
    maxBufferedBytes: options.maxBufferedBytes ?? MAX_BUFFERED_BYTES,
    onBug: options.onBug,
  });
  const address = options.listen.kind === 'alias' ? options.listen.bind : options.listen;
  switch (address.kind) {
    case 'local':
      return serveLocal(address.id, sessions, options);
    case 'tls':
      return serveSocket({ ...address, kind: 'tls' }, sessions, options);
    case 'tcp':
    case 'unix':
    case 'unix-abstract':
      return serveSocket(address, sessions, options);
    default:
      return fail({
        code: 'UNSUPPORTED_ADDRESS',
        message: `${address.kind}: addresses are not supported`,
        address,
      });
  }
}

async function serveSocket(
  address: SocketAddress,
  sessions: Sessions,
  options: ServeOptions,
): Promise<Result<AgentServer, ListenFault>> {
  const created = createServerFor(address, options.tls);
  if (!created.ok) return created;
  const server = created.value;
  const { agentKey, onHttp, takeSocket, maxFrameBytes = MAX_FRAME_BYTES, onBug = () => {} } = options;

  server.on('request', (request, response) => void answerHttp(request, response, onHttp, onBug));
  server.on('upgrade', (request, socket, head) => {
    const answer = answerUpgrade(request, agentKey);
    if (!answer.accepted || !(socket instanceof Socket)) {
      socket.on('error', () => socket.destroy());
      socket.end(answer.text, () => socket.destroy());
      return;
    }
    // Handshake and hello leave in one packet.
    socket.cork();
    socket.write(answer.text);
    sessions.accept(new WebSocketChannel(socket, 'server', maxFrameBytes, head));
    socket.uncork();
  });
  if (takeSocket !== undefined) offerSockets(server, address.kind === 'tls', takeSocket);
  const bound = await listen(server, address);
  if (!bound.ok) return bound;
  return ok({
    address: options.listen.kind === 'alias' ? options.listen.dial : bound.value,
    connections: sessions.open,
    publish: (event) => sessions.publish(event),
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      await sessions.close();
      server.closeAllConnections();
      await closed;
    },
  });
}

/** Puts `takeSocket` in front of the listener with which `server` begins to read a connection. */
function offerSockets(server: Server, secure: boolean, takeSocket: (socket: Duplex) => boolean): void {
  const event = secure ? 'secureConnection' : 'connection';
  const readers = server.listeners(event);
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    if (!takeSocket(socket)) for (const read of readers) read.call(server, socket);
  });
}

function serveLocal(id: bigint, sessions: Sessions, options: ServeOptions): Result<AgentServer, ListenFault> {
  const address = options.listen;
  if (options.local === undefined) {
    return fail({ code: 'UNSUPPORTED_ADDRESS', message: 'local: addresses are not served here', address });
  }
  const listener = options.local.listen(id, {
    maxFrameBytes: options.maxFrameBytes ?? MAX_FRAME_BYTES,
    accept: (channel) => sessions.accept(channel),
  });
  if (!listener.ok) return fail({ ...listener.fault, address });
  return ok({
    address: { kind: 'local', id: listener.value.id },
    connections: sessions.open,
    publish: (event) => sessions.publish(event),
    close: () => {
      listener.value.close();
      return sessions.close();
    },
  });
}

class Sessions {
  readonly open = new Set<AgentSession>();
  readonly #options: SessionOptions;
  #accepted = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  accept(channel: FrameChannel): void {
    this.#accepted += 1;
    const session = new AgentSession(`client-${this.#accepted}`, channel, this.#options);
    this.open.add(session);
    void session.released.then(() => this.open.delete(session));
    session.start();
  }

  publish(event: AgentEvent): void {
    const encoded = Buffer.from(JSON.stringify(event));
    for (const session of this.open) session.publish(event, encoded);
  }

  async close(): Promise<void> {
    for (const session of this.open) session.close('SHUTTING_DOWN', 'the agent shuts down');
    await Promise.all([...this.open].map((session) => session.released));
  }
}
