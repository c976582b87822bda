/** Who sent a request: the name that audit entries and attempts carry. */
export interface Caller {
  readonly name: string;
  /** What keeps one caller's idempotency keys apart from another's. */
  readonly tokenId: string;
}

/** The token in an `Authorization` header. */
export const readBearer = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];

/** The cookie of a session of the dashboard. */
export const SESSION_COOKIE = 'hostmesh_session';

/** The secret in a `Cookie` header. Ours has no character that would need decoding. */
export const readSessionCookie = (header: string | undefined): string | undefined =>
  new RegExp(`(?:^|;)\\s*${SESSION_COOKIE}=([\\w-]+)`).exec(header ?? '')?.[1];

/**
 * A `Set-Cookie` header: out of reach of scripts, never sent along from other sites, and over TLS alone when the page
 * came over TLS. An age of 0 removes it.
 */
export const writeSessionCookie = (secret: string, maxAgeSeconds: number, secure: boolean): string =>
  `${SESSION_COOKIE}=${secret}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
