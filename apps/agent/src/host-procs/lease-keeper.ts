import { expired, renewed, withLease, withoutLease, type Lease, type Leases } from '../lease/lease.ts';

const LOOK_EVERY_MS = 250;
/** Ticks that come later than that: the agent was stopped, and could hear nobody. */
const AWAY_AFTER_MS = 1_000;

/** Watches over leases, and tells of each one once when it has run out. One timer, while there are leases. */
export class LeaseKeeper {
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
