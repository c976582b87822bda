const NAME = 'hostmesh_session';

/** The secret in a `Cookie` header. Ours has no character that would need decoding. */
export const readSessionCookie = (header: string | undefined): string | undefined =>
  new RegExp(`(?:^|;)\\s*${NAME}=([\\w-]+)`).exec(header ?? '')?.[1];

/**
 * A `Set-Cookie` header: out of reach of scripts, never sent along from other sites, and over TLS alone when the page
 * came over TLS. An age of 0 removes it.
 */
export const writeSessionCookie = (secret: string, maxAgeSeconds: number, secure: boolean): string =>
  `${NAME}=${secret}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
