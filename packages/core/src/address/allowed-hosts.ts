import { fail, ok, type Fault, type Result } from '../fault.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a host name, as a URL has it, always means the machine that it is used on. */
export const isLoopbackName = (name: string): boolean => LOOPBACK_NAMES.includes(name);

/**
 * Reads HOSTMESH_ALLOWED_HOSTS: names, with a port or without, in any case, with commas or white space between. What
 * comes back is in lower case.
 */
export function parseAllowedHosts(text: string): Result<readonly string[], Fault<'invalid_allowed_hosts'>> {
  const hosts = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((host) => host !== '');
  const isName = (host: string) => /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.test(host);
  if (hosts.every(isName)) return ok(hosts);
  const message = 'must be names as in `mesh.example.com` or `ops:8443`';
  return fail({ code: 'invalid_allowed_hosts', message });
}

/**
 * Whether a `Host` header names this service: by a name of this machine, or by one that was configured, on any port
 * unless it was configured with one. Any other may be a name that a page elsewhere points at our address (DNS
 * rebinding, design section 9).
 */
export function isAllowedHost(header: string | null | undefined, configured: readonly string[]): boolean {
  const host = header?.toLowerCase() ?? '';
  const name = host.replace(/:\d+$/, '');
  return isLoopbackName(name) || configured.includes(host) || configured.includes(name);
}
