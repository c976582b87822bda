import { createHash, timingSafeEqual } from 'node:crypto';
import { secretIn } from './strong-secret.ts';

/** Who is told the metrics of a part: they say what it does, and its port is open to all users of its machine. */
export type MetricsAccess =
  /** Whoever asks: somebody has said so. */
  | { readonly kind: 'open' }
  /** Whoever has the token, by the `Authorization` header of a request. */
  | { readonly kind: 'token'; admits(authorization: string | undefined): boolean }
  /** Nobody, for want of a setting. */
  | { readonly kind: 'closed' };

/** The settings of it, as they were given. */
export interface MetricsSettings {
  /** `open`, or nothing. */
  readonly access: string | undefined;
  readonly tokenFile: string | undefined;
}

/** Reads who is told the metrics; a text says why the settings cannot be used. */
export function readMetricsAccess({ access, tokenFile }: MetricsSettings): MetricsAccess | string {
  if (access !== undefined && access !== 'open') return 'metrics can be open, or need the token of a file';
  if (access === 'open')
    return tokenFile === undefined
      ? { kind: 'open' }
      : 'metrics that are open need no token: give one of the two';
  if (tokenFile === undefined) return { kind: 'closed' };
  const found = secretIn(tokenFile, 'the token of the metrics');
  return found.kind === 'secret' ? withToken(found.text) : found.why;
}

function withToken(token: string): MetricsAccess {
  const expected = hashOf(token);
  return {
    kind: 'token',
    admits(authorization) {
      const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      return given !== undefined && timingSafeEqual(hashOf(given), expected);
    },
  };
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a request with this `Authorization` header is told the metrics. */
export const mayReadMetrics = (access: MetricsAccess, authorization: string | undefined): boolean =>
  access.kind === 'open' || (access.kind === 'token' && access.admits(authorization));
