import { chmodSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { assertNever, fail, ok, printAddress, type ChannelAddress, type Result } from '@hostmesh/core';
import type { FrameChannel } from '../channel/frame-channel.ts';
import { readSocketError } from '../channel/socket-error.ts';
import { WebSocketChannel } from '../channel/websocket-channel.ts';
import type { SocketAddress } from '../dial/socket-address.ts';
import type { TlsCredentials } from '../dial/tls-credentials.ts';
import type { LocalNetwork } from '../channel/local-network.ts';
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../message/common.ts';
import type { AgentKey } from '../proof/agent-key.ts';
import { GuardedChannel } from '../proof/guarded-channel.ts';
import { needsKey } from '../proof/needs-key.ts';
import { howToBePrivate, whyNotPrivate } from '../proof/private-path.ts';
import type { AgentSide } from '../proof/proof.ts';
import { answerUpgrade, refuseUpgrade } from './accept-upgrade.ts';
import { answerHttp, type HttpHandler } from './http.ts';
import { listen, type ListenFault } from './listen.ts';

export interface ChannelServerOptions {
  /** Port 0 takes any free one; of an alias, its bind half. */
  readonly listen: ChannelAddress;
  /** That clients of a socket have it is to be proved, when it is given. Without it, `tcp:`, abstract sockets and paths that others can come to are refused. */
  readonly agentKey?: AgentKey | undefined;
  /** For `tls:`, which is refused without. Clients need a certificate of the same authority. */
  readonly tls?: TlsCredentials | undefined;
  readonly maxFrameBytes?: number | undefined;
  /** For `local:`, which is refused without. */
  readonly local?: LocalNetwork | undefined;
  readonly onHttp?: HttpHandler | undefined;
  /** Hears of bugs in the handlers. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

export interface ChannelServer {
  /** Where clients reach it, with the real port. */
  readonly address: ChannelAddress;
  /** New clients meet these certificates; a fault leaves those of before. Without `tls:` it does nothing. */
  renewTls(credentials: TlsCredentials): Result<null>;
  /** New clients have to prove that they have this key. */
  renewKey(key: AgentKey): void;
  /** Takes no more channels; ends the open ones once `farewell` has settled. */
  close(farewell: () => Promise<void>): Promise<void>;
}

/** `clientVersion`: the version of the protocol that the client speaks. */
type Accept = (channel: FrameChannel, clientVersion: number) => void;

/** Takes channels at an address, past their handshake; what is said on them is up to `accept`. */
export async function serveChannels(
  options: ChannelServerOptions,
  accept: Accept,
): Promise<Result<ChannelServer, ListenFault>> {
  const address = options.listen.kind === 'alias' ? options.listen.bind : options.listen;
  switch (address.kind) {
    case 'local':
      return serveLocal(address.id, options, accept);
    case 'tls':
      return serveSocket({ ...address, kind: 'tls' }, options, accept);
    case 'tcp':
    case 'unix':
    case 'unix-abstract':
      return serveSocket(address, options, accept);
    case 'metatls':
    case 'quic':
    case 'metaquic':
      return unsupported(address, `${address.kind}: addresses are not supported`);
    default:
      return assertNever(address);
  }
}

const unsupported = (address: ChannelAddress, message: string): Result<never, ListenFault> =>
  fail({ code: 'UNSUPPORTED_ADDRESS', message, address });

async function serveSocket(
  address: SocketAddress,
  options: ChannelServerOptions,
  accept: Accept,
): Promise<Result<ChannelServer, ListenFault>> {
  const created = createServerFor(address, options.tls);
  if (!created.ok) return created;
  const server = created.value;
  const { onHttp, maxFrameBytes = MAX_FRAME_BYTES, onBug = () => {} } = options;
  let { agentKey } = options;
  if (agentKey === undefined && needsKey(address)) {
    return fail({
      code: 'NO_AGENT_KEY',
      message: 'anybody could connect there: an agent key is needed',
      address,
    });
  }
  /** Throws what the system says of a path that is not there. */
  const whyOpen = (what: 'directory' | 'socket'): string | null =>
    agentKey === undefined && address.kind === 'unix' ? whyNotPrivate(address.path, what) : null;
  const early = refusalOf(address, () => whyOpen('directory'));
  if (early !== null) return fail(early);
  const sockets = new Set<Socket>();
  const unproven = new Set<FrameChannel>();

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => void answerHttp(request, response, onHttp, onBug));
  server.on('upgrade', (request, duplex, head) => {
    // This server is given nothing but sockets.
    const socket = duplex as Socket;
    // Rights may have changed since we began to listen.
    const open = refusalOf(address, () => whyOpen('socket'));
    const answer =
      open === null ? answerUpgrade(request, agentKey) : refuseUpgrade('403 Forbidden', open.message);
    if (!answer.accepted) {
      socket.on('error', () => socket.destroy());
      socket.end(answer.text, () => socket.destroy());
      return;
    }
    // Handshake and hello leave in one packet.
    socket.cork();
    socket.write(answer.text);
    const channel = new WebSocketChannel(socket, 'server', maxFrameBytes, head);
    accept(answer.side === null ? channel : guard(channel, answer.side, unproven), answer.clientVersion);
    socket.uncork();
  });

  const bound = await listen(server, address);
  if (!bound.ok) return bound;
  const late = refusalOf(address, () => {
    if (address.kind === 'unix' && agentKey === undefined) chmodSync(address.path, 0o600);
    return whyOpen('socket');
  });
  if (late !== null) {
    server.close();
    return fail(late);
  }
  // Such as too many open files when accepting: the agent goes on.
  server.on('error', onBug);
  return ok({
    address: options.listen.kind === 'alias' ? options.listen.dial : bound.value,
    renewTls: (credentials) => renewTls(server, credentials),
    renewKey: (key) => {
      agentKey = key;
    },
    close: async (farewell) => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      await farewell();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  });
}

/** Why nobody is served at an address without a key; `look` throws what the system says. */
function refusalOf(address: SocketAddress, look: () => string | null): ListenFault | null {
  try {
    const why = look();
    return why === null
      ? null
      : { code: 'NOT_PRIVATE', message: `${printAddress(address)}: ${why}; ${howToBePrivate}`, address };
  } catch (cause) {
    const { code, message } = readSocketError(cause);
    const why = code === 'ENOENT' ? 'its directory, or one above it, is not there' : message;
    return { code, message: `cannot listen on ${printAddress(address)}: ${why}`, address, cause };
  }
}

/** Clients that have not proved themselves yet, at a time: past that, the one that has waited longest has to go. */
const MAX_UNPROVEN = 256;

function guard(channel: FrameChannel, side: AgentSide, unproven: Set<FrameChannel>): FrameChannel {
  unproven.add(channel);
  const proven = (): void => void unproven.delete(channel);
  void channel.released.then(proven);
  const [longest] = unproven;
  if (unproven.size > MAX_UNPROVEN) longest?.terminate();
  return new GuardedChannel(channel, side, proven);
}

function renewTls(server: Server, credentials: TlsCredentials): Result<null> {
  if (!(server instanceof HttpsServer)) return ok(null);
  try {
    server.setSecureContext(secureOptions(credentials));
    return ok(null);
  } catch (cause) {
    return fail({ code: 'TLS_CREDENTIALS', message: 'the certificates cannot be used', cause });
  }
}

const secureOptions = (credentials: TlsCredentials) => ({ ...credentials, minVersion: 'TLSv1.2' }) as const;

/** Talks HTTP until a client asks for a WebSocket, and notices, by and by, when a client's machine is gone. */
function createServerFor(
  address: SocketAddress,
  credentials: TlsCredentials | undefined,
): Result<Server, ListenFault> {
  const common = {
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  if (address.kind !== 'tls') return ok(createHttpServer(common));
  if (credentials === undefined) {
    return fail({ code: 'TLS_CREDENTIALS', message: 'listening on tls: needs certificates', address });
  }
  const secure = { ...secureOptions(credentials), requestCert: true, rejectUnauthorized: true };
  try {
    return ok(createHttpsServer({ ...common, ...secure }));
  } catch (cause) {
    return fail({ code: 'TLS_CREDENTIALS', message: 'the certificates cannot be used', address, cause });
  }
}

function serveLocal(
  id: bigint,
  options: ChannelServerOptions,
  accept: Accept,
): Result<ChannelServer, ListenFault> {
  if (options.local === undefined) return unsupported(options.listen, 'local: addresses are not served here');
  const { maxFrameBytes = MAX_FRAME_BYTES } = options;
  const listener = options.local.listen(id, {
    maxFrameBytes,
    accept: (channel) => accept(channel, PROTOCOL_VERSION),
  });
  if (!listener.ok) return fail({ ...listener.fault, address: options.listen });
  return ok({
    address: { kind: 'local', id: listener.value.id },
    renewTls: () => ok(null),
    renewKey: () => {},
    close: (farewell) => {
      listener.value.close();
      return farewell();
    },
  });
}
