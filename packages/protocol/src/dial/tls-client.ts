import { isIP } from 'node:net';
import * as tls from 'node:tls';
import type { TlsCredentials } from './tls-credentials.ts';

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
