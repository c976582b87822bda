/** So many keepalives fit into the shortest lease: three in a row may get lost. */
const PER_LEASE = 4;

/** How often a host must hear of leases of these lengths, all in milliseconds. */
export const leasePeriodMs = (ttlsMs: Iterable<number>): number =>
  Math.max(1, Math.min(...ttlsMs) / PER_LEASE);
