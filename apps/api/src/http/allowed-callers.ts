import { isLoopbackName } from '@hostmesh/core';

/**
 * Which `Host` headers are answered and which web origins may change something. Names of this machine are always
 * allowed; others only when they were configured, so that a page elsewhere can't reach us through a name that it
 * points at our address (DNS rebinding).
 */
export interface AllowedCallers {
  /** Configured names, `name` (any port) or `name:port`, in lower case. */
  readonly hosts: readonly string[];
  /** Ports on this machine whose pages are ours: the dashboard's and the API's own. */
  readonly localPorts: readonly number[];
}

/**
 * Why a state-changing request is refused, if it is. Browsers say where a request comes from in `Sec-Fetch-Site`
 * and `Origin`; what sends neither is no browser and holds a token. Another port of this machine is another
 * origin, although cookies do not tell ports apart.
 */
export function originRefusal(
  allow: AllowedCallers,
  headers: {
    readonly origin?: string | undefined;
    readonly site?: string | undefined;
    readonly host?: string | undefined;
  },
): string | undefined {
  const { origin, site, host } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return `The request comes from another site (Sec-Fetch-Site: ${site.slice(0, 200)}).`;
  }
  if (origin === undefined || isOwnOrigin(allow, origin, host)) return undefined;
  return `The origin ${origin.slice(0, 200)} is not one of this service; HOSTMESH_ALLOWED_HOSTS adds some.`;
}

function isOwnOrigin(allow: AllowedCallers, origin: string, host: string | undefined): boolean {
  const url = URL.parse(origin);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  if (url.host === host?.toLowerCase()) return true;
  if (allow.hosts.includes(url.host) || allow.hosts.includes(url.hostname)) return true;
  return isLoopbackName(url.hostname) && allow.localPorts.includes(Number(url.port));
}
