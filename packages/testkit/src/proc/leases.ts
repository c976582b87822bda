/** For how long clients vouch for the procs of each mesh (reference 12.4), by the host's own clock. */
export class Leases {
  readonly #byMesh = new Map<string, { readonly ttlMs: number; readonly expiresAtMs: number }>();

  /** Vouched for from now on; `ttlMs` null: never to be reaped. */
  grant(procMeshId: string, ttlMs: number | null, nowMs: number): void {
    if (ttlMs === null) this.#byMesh.delete(procMeshId);
    else this.#byMesh.set(procMeshId, { ttlMs, expiresAtMs: nowMs + ttlMs });
  }

  /** Milliseconds that are left, and how long it was granted for; null: never to be reaped. */
  of(procMeshId: string, nowMs: number): { readonly leftMs: number; readonly ttlMs: number } | null {
    const lease = this.#byMesh.get(procMeshId);
    return lease === undefined
      ? null
      : { leftMs: Math.max(0, lease.expiresAtMs - nowMs), ttlMs: lease.ttlMs };
  }

  /** All of them anew, as after a restart of the agent. */
  renew(nowMs: number): void {
    for (const [mesh, { ttlMs }] of this.#byMesh) this.grant(mesh, ttlMs, nowMs);
  }

  /** Those that have run out, which are told only once. */
  takeExpired(nowMs: number): { readonly procMeshId: string; readonly ttlMs: number }[] {
    const expired = [...this.#byMesh].filter(([, { expiresAtMs }]) => expiresAtMs <= nowMs);
    for (const [mesh] of expired) this.#byMesh.delete(mesh);
    return expired.map(([procMeshId, { ttlMs }]) => ({ procMeshId, ttlMs }));
  }

  /** When the next one runs out. */
  nextMs(): number {
    return Math.min(...[...this.#byMesh.values()].map(({ expiresAtMs }) => expiresAtMs));
  }
}
