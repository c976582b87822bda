const LOOK_EVERY_MS = 250;
/** When a tick comes later than that, the agent was suspended, and could hear no client. */
const AWAY_AFTER_MS = 1_000;

/** Watches over leases, and tells of each one once when it has run out. One timer, while there are leases. */
export class LeaseWatch {
  readonly #monotonicMs: () => number;
  readonly #onExpired: (procMeshId: string, ttlMs: number) => void;
  #leases: Leases = new Map();
  #timer: NodeJS.Timeout | null = null;
  #lookedAtMs = 0;

  constructor(monotonicMs: () => number, onExpired: (procMeshId: string, ttlMs: number) => void) {
    this.#monotonicMs = monotonicMs;
    this.#onExpired = onExpired;
  }

  of(procMeshId: string): Lease | undefined {
    return this.#leases.get(procMeshId);
  }

  /** Milliseconds until it runs out; null: never. */
  leftMs(procMeshId: string): number | null {
    const lease = this.of(procMeshId);
    return lease === undefined ? null : Math.max(0, lease.expiresAtMs - this.#monotonicMs());
  }

  vouch(procMeshId: string, ttlMs: number): void {
    this.#leases = withLease(this.#leases, procMeshId, ttlMs, this.#monotonicMs());
    if (this.#timer !== null) return;
    this.#lookedAtMs = this.#monotonicMs();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  drop(procMeshId: string): void {
    this.#leases = withoutLease(this.#leases, procMeshId);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const nowMs = this.#monotonicMs();
    const wasAway = nowMs - this.#lookedAtMs > AWAY_AFTER_MS;
    this.#lookedAtMs = nowMs;
    if (wasAway) this.#leases = renewed(this.#leases, nowMs);
    for (const procMeshId of expired(this.#leases, nowMs)) {
      const ttlMs = this.of(procMeshId)?.ttlMs ?? 0;
      this.drop(procMeshId);
      this.#onExpired(procMeshId, ttlMs);
    }
    if (this.#leases.size === 0) this.close();
  }
}

/** How long each proc mesh is vouched for, by a clock that nobody sets; meshes without a limit are not in it. */
type Leases = ReadonlyMap<string, Lease>;

interface Lease {
  readonly ttlMs: number;
  /** By the monotonic clock. */
  readonly expiresAtMs: number;
}

/**
 * Vouches for a mesh from now on (Reference 12.4). A duration by the host's own clock, where the reference compares the
 * clocks of two machines.
 */
const withLease = (leases: Leases, procMeshId: string, ttlMs: number, nowMs: number): Leases =>
  new Map(leases).set(procMeshId, { ttlMs, expiresAtMs: nowMs + ttlMs });

function withoutLease(leases: Leases, procMeshId: string): Leases {
  const next = new Map(leases);
  next.delete(procMeshId);
  return next;
}

/** Every lease in full again, from now: the agent was away, so that nobody could vouch for anything. */
const renewed = (leases: Leases, nowMs: number): Leases =>
  new Map(
    [...leases].map(
      ([id, { ttlMs }]) => [id, { ttlMs, expiresAtMs: nowMs + ttlMs }] satisfies [string, Lease],
    ),
  );

/** Meshes that nobody has vouched for in time. */
const expired = (leases: Leases, nowMs: number): string[] =>
  [...leases].flatMap(([id, { expiresAtMs }]) => (expiresAtMs <= nowMs ? [id] : []));
