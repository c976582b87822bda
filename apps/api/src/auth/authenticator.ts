import { refuse, type RouteResult } from '../problem/route-fault.ts';
import { ok } from '@hostmesh/core';
import type { Sessions, SignInCodes, Tokens } from '@hostmesh/db';
import type { Caller, Credentials } from './credentials.ts';
import { FailureLimiter } from './failure-limiter.ts';
import { hashOfSecret, newSecret } from '../id/random-id.ts';

/** How long a browser stays signed in. */
export const SESSION_MS = 7 * 24 * 3_600_000;
/** How long a code that signs in may wait to be used. */
const CODE_MS = 600_000;
/** How exactly we know when a token was last used. */
const TOUCH_MS = 60_000;

/** A browser that has just signed in; `cookie` is the only copy of its secret. */
export interface OpenedSession {
  readonly caller: Caller;
  readonly cookie: string;
}

/** What signs in: a token, or a code that was made with one. */
export interface SignInSecret {
  readonly token?: string | undefined;
  readonly code?: string | undefined;
}

/** Where the database keeps what lets people in. */
export interface Keys {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly signInCodes: SignInCodes;
}

/** Finds out who holds a token or a session cookie. */
export class Authenticator {
  readonly #keys: Keys;
  readonly #limiter = new FailureLimiter();
  readonly #touched = new Map<string, number>();
  #installation: string | null = null;

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  async authenticate({ bearer, session }: Credentials): Promise<Caller | undefined> {
    if (bearer !== undefined) return this.#holderOf(bearer);
    if (session === undefined) return undefined;
    const found = await this.#keys.sessions.find(hashOfSecret(session.secret), new Date());
    // Browsers send cookies to every port of a name.
    return found?.host === session.host ? callerOf(found.token) : undefined;
  }

  /** What names this installation in cookies. */
  async installation(): Promise<string> {
    return (this.#installation ??= await this.#keys.sessions.installation());
  }

  /**
   * Exchanges a token or a code for a session at this name and port. Who guesses too often has to wait before wrong ones are
   * looked at again; a right one is taken at any time, so that no guesser keeps others out.
   */
  async signIn(
    secret: SignInSecret,
    client: { readonly address: string; readonly host: string },
  ): Promise<RouteResult<OpenedSession>> {
    const { token, code } = secret;
    const caller = token === undefined ? await this.#redeem(code ?? '') : await this.#holderOf(token);
    if (caller === undefined) {
      const waitMs = this.#limiter.failed(client.address, token ?? code ?? '', Date.now());
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1000);
        const headers = { 'retry-after': String(seconds) };
        const message = `This ${token === undefined ? 'code' : 'token'} is wrong, as were too many before it; wait ${seconds} s. A right one is taken at once.`;
        return refuse('rate_limited', message, { headers });
      }
      return refuse(
        'unauthenticated',
        token === undefined
          ? 'This code was used, or is older than 10 minutes. `hostmesh sign-in` gives a new one, and so does Enter where `npm start` runs.'
          : 'This token is not known, or was revoked.',
      );
    }
    const cookie = newSecret();
    const createdAt = new Date();
    await this.#keys.sessions.deleteExpired(createdAt);
    await this.#keys.sessions.create({
      hash: hashOfSecret(cookie),
      tokenId: caller.tokenId,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + SESSION_MS),
      host: client.host,
    });
    return ok({ caller, cookie });
  }

  /** A code that signs one browser in, once and soon. */
  async makeCode({ tokenId }: Caller): Promise<{ readonly code: string; readonly expiresAt: Date }> {
    const code = newSecret();
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + CODE_MS);
    await this.#keys.signInCodes.create({ hash: hashOfSecret(code), tokenId, createdAt, expiresAt });
    return { code, expiresAt };
  }

  async signOut(cookie: string): Promise<void> {
    await this.#keys.sessions.delete(hashOfSecret(cookie));
  }

  async #redeem(code: string): Promise<Caller | undefined> {
    const token = await this.#keys.signInCodes.redeem(hashOfSecret(code), new Date());
    return token && callerOf(token);
  }

  async #holderOf(token: string): Promise<Caller | undefined> {
    const found = await this.#keys.tokens.find(hashOfSecret(token));
    if (found === undefined) return undefined;
    const now = Date.now();
    if (now - (this.#touched.get(found.id) ?? 0) > TOUCH_MS) {
      this.#touched.set(found.id, now);
      await this.#keys.tokens.touch(found.id, new Date(now));
    }
    return callerOf(found);
  }
}

const callerOf = ({ id, name }: { id: string; name: string }): Caller => ({ tokenId: id, name });
