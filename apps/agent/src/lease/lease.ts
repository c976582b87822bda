/** How long each proc mesh is vouched for, by a clock that nobody sets; meshes without a limit are not in it. */
export type Leases = ReadonlyMap<string, Lease>;

export interface Lease {
  readonly ttlMs: number;
  /** By the monotonic clock. */
  readonly expiresAtMs: number;
}

/**
 * Vouches for a mesh from now on (Reference 12.4). A duration by the host's own clock, where the reference compares the
 * clocks of two machines.
 */
export const withLease = (leases: Leases, procMeshId: string, ttlMs: number, nowMs: number): Leases =>
  new Map(leases).set(procMeshId, { ttlMs, expiresAtMs: nowMs + ttlMs });

export function withoutLease(leases: Leases, procMeshId: string): Leases {
  const next = new Map(leases);
  next.delete(procMeshId);
  return next;
}

/** All of them in full from now: the agent has been away, so that nobody could vouch for anything. */
export const renewed = (leases: Leases, nowMs: number): Leases =>
  new Map(
    [...leases].map(
      ([id, { ttlMs }]) => [id, { ttlMs, expiresAtMs: nowMs + ttlMs }] satisfies [string, Lease],
    ),
  );

/** Meshes that nobody has vouched for in time. */
export const expired = (leases: Leases, nowMs: number): string[] =>
  [...leases].flatMap(([id, { expiresAtMs }]) => (expiresAtMs <= nowMs ? [id] : []));
