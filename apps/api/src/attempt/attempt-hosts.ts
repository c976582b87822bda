import type { AttemptCountsRecord, AttemptHostRecord, FailureRecord } from '@hostmesh/db';

/** The rows of an attempt that runs here, as last told by the engine, and their counts. */
export class AttemptHosts {
  readonly #rows: AttemptHostRecord[];

  /** Every host queued, in rank order. */
  constructor(addresses: readonly string[]) {
    this.#rows = addresses.map((address, rank) => ({
      rank,
      address,
      hostId: null,
      state: 'queued',
      failure: null,
      restore: null,
      connectMs: null,
      ackMs: null,
      shadowedKeys: [],
      unknownKeys: [],
      tookOverFrom: null,
      agentVersion: null,
    }));
  }

  get rows(): readonly AttemptHostRecord[] {
    return this.#rows;
  }

  /** Replaces rows by rank. */
  apply(rows: readonly AttemptHostRecord[]): void {
    for (const row of rows) this.#rows[row.rank] = row;
  }

  /** Hosts that have no verdict get this one. */
  failRest(failure: FailureRecord): void {
    const rest = this.#rows.filter(({ state }) => state !== 'installed' && state !== 'failed');
    this.apply(rest.map((row) => ({ ...row, state: 'failed', failure })));
  }

  count(): AttemptCountsRecord {
    const counts = { total: this.#rows.length, installed: 0, failed: 0, restored: 0, residue: 0 };
    for (const { state, restore } of this.#rows) {
      if (state === 'installed' || state === 'failed') counts[state] += 1;
      if (restore?.kind === 'restored' || restore?.kind === 'residue') counts[restore.kind] += 1;
    }
    return { ...counts, pending: counts.total - counts.installed - counts.failed };
  }
}
