const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a `Host` header names this dashboard: names of this machine, and those of HOSTMESH_ALLOWED_HOSTS. Any
 * other may be a name that a page elsewhere points at our address (DNS rebinding, design section 9). The API
 * checks the same for itself; it cannot see the name under which the dashboard was asked.
 */
export function isAllowedHost(header: string | null, configured: string | undefined): boolean {
  const host = header?.toLowerCase();
  if (host === undefined || host === '') return false;
  const name = host.replace(/:\d+$/, '');
  const names = (configured ?? '').split(',').map((allowed) => allowed.trim().toLowerCase());
  return LOOPBACK_NAMES.includes(name) || names.includes(host) || names.includes(name);
}
