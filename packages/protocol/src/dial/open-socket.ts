import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import * as tls from 'node:tls';
import type { ChannelAddress, TcpAddress } from '@hostmesh/core';
import type { TlsCredentials } from './tls-credentials.ts';

/** What sockets of one transport share. */
export interface SocketOptions {
  readonly lookup?: LookupFunction | undefined;
  readonly tls?: TlsClient | undefined;
}

/** Addresses that a socket can be opened to, or listen on. */
export type SocketAddress =
  | TcpAddress
  | { readonly kind: 'tls'; readonly host: string; readonly port: number }
  | Extract<ChannelAddress, { kind: 'unix' | 'unix-abstract' }>;

/**
 * How long one of several addresses of a name gets before the next is tried. Node's 250 ms is short of what a loaded
 * process needs to notice that it is connected.
 */
const NEXT_ADDRESS_AFTER_MS = 2_000;

/** Begins to connect. Destroying the socket ends name resolution, connect and TLS at once. */
export function openSocket(address: SocketAddress, options: SocketOptions): Socket {
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

/** Sessions kept for resumption: a few kB each. */
const MAX_SESSIONS = 20_000;

/**
 * TLS with client certificates. All connections share one secure context, and each host's last session is resumed:
 * reading certificates is what costs most.
 */
export class TlsClient {
  readonly #context: tls.SecureContext;
  readonly #sessions = new Map<string, Buffer>();

  /** Throws when the PEM text is not usable. */
  constructor(credentials: TlsCredentials) {
    this.#context = tls.createSecureContext({ ...credentials, minVersion: 'TLSv1.2' });
  }

  connect(target: { readonly host: string; readonly port: number }): tls.TLSSocket {
    const peer = `${target.host}:${target.port}`;
    const session = this.#sessions.get(peer);
    const socket = tls.connect({
      ...target,
      secureContext: this.#context,
      servername: isIP(target.host) === 0 ? target.host : '',
      ...(session === undefined ? {} : { session }),
    });
    socket.on('session', (fresh) => this.#remember(peer, fresh));
    return socket;
  }

  #remember(peer: string, session: Buffer): void {
    this.#sessions.delete(peer);
    this.#sessions.set(peer, session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= MAX_SESSIONS) break;
      this.#sessions.delete(oldest);
    }
  }
}
