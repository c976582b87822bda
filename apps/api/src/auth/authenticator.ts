import { refuse, type RouteResult } from '../problem/route-fault.ts';
import { ok } from '@hostmesh/core';
import type { Sessions, Tokens } from '@hostmesh/db';
import type { Caller } from './credentials.ts';
import { FailureLimiter } from './failure-limiter.ts';
import { hashOfSecret, newSecret } from '../id/random-id.ts';

/** How long a browser stays signed in. */
export const SESSION_MS = 7 * 24 * 3_600_000;
/** How exactly we know when a token was last used. */
const TOUCH_MS = 60_000;

/** A browser that has just signed in; `cookie` is the only copy of its secret. */
export interface OpenedSession {
  readonly caller: Caller;
  readonly cookie: string;
}

/** Finds out who holds a token or a session cookie. */
export class Authenticator {
  readonly #tokens: Tokens;
  readonly #sessions: Sessions;
  readonly #limiter = new FailureLimiter();
  readonly #touched = new Map<string, number>();

  constructor(tokens: Tokens, sessions: Sessions) {
    this.#tokens = tokens;
    this.#sessions = sessions;
  }

  /** The token counts before the cookie. */
  async authenticate(credentials: {
    readonly bearer?: string | undefined;
    readonly session?: string | undefined;
  }): Promise<Caller | undefined> {
    const { bearer, session } = credentials;
    if (bearer !== undefined) return this.#holderOf(bearer);
    if (session === undefined) return undefined;
    const found = await this.#sessions.find(hashOfSecret(session), new Date());
    return found && callerOf(found.token);
  }

  /** Exchanges a token for a session; an address that guesses too often has to wait. */
  async signIn(token: string, address: string): Promise<RouteResult<OpenedSession>> {
    const waitMs = this.#limiter.waitMs(address, Date.now());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const headers = { 'retry-after': String(seconds) };
      return refuse('rate_limited', `Too many wrong tokens; try again in ${seconds} s.`, { headers });
    }
    const caller = await this.#holderOf(token);
    if (caller === undefined) {
      this.#limiter.recordFailure(address, Date.now());
      return refuse('unauthenticated', 'This token is not known, or was revoked.');
    }
    const cookie = newSecret();
    const createdAt = new Date();
    await this.#sessions.deleteExpired(createdAt);
    await this.#sessions.create({
      hash: hashOfSecret(cookie),
      tokenId: caller.tokenId,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + SESSION_MS),
    });
    return ok({ caller, cookie });
  }

  async signOut(cookie: string): Promise<void> {
    await this.#sessions.delete(hashOfSecret(cookie));
  }

  async #holderOf(token: string): Promise<Caller | undefined> {
    const found = await this.#tokens.find(hashOfSecret(token));
    if (found === undefined) return undefined;
    const now = Date.now();
    if (now - (this.#touched.get(found.id) ?? 0) > TOUCH_MS) {
      this.#touched.set(found.id, now);
      await this.#tokens.touch(found.id, new Date(now));
    }
    return callerOf(found);
  }
}

const callerOf = ({ id, name }: { id: string; name: string }): Caller => ({ tokenId: id, name });
