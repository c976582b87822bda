/** Who sent a request: the name that audit entries and attempts carry. */
export interface Caller {
  readonly name: string;
  /** What keeps one caller's idempotency keys apart from another's. */
  readonly tokenId: string;
}

/** What a request shows to be let in. The token counts before the cookie. */
export interface Credentials {
  readonly bearer?: string | undefined;
  readonly session?: { readonly secret: string; readonly host: string } | undefined;
}

/** The token in an `Authorization` header. */
export const readBearer = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];

/** The cookie of a session of the dashboard: its name carries the installation, since browsers tell no ports apart. */
export const sessionCookie = (installation: string): string => `hostmesh_session_${installation}`;

/** The secret in a `Cookie` header. Ours has no character that would need decoding. */
export const readSessionCookie = (header: string | undefined, installation: string): string | undefined =>
  new RegExp(`(?:^|;)\\s*${sessionCookie(installation)}=([\\w-]+)`).exec(header ?? '')?.[1];

/**
 * A `Set-Cookie` header: out of reach of scripts, sent to no other site and no other path, and over TLS alone when the page
 * came over TLS. An age of 0 removes it.
 */
export const writeSessionCookie = (
  installation: string,
  secret: string,
  { maxAgeSeconds, secure }: { readonly maxAgeSeconds: number; readonly secure: boolean },
): string =>
  `${sessionCookie(installation)}=${secret}; Path=/api/v1; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
