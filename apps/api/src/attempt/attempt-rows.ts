import type { ApiEvent, Attempt } from '@hostmesh/contract';
import type { Fault, Result } from '@hostmesh/core';
import type {
  AttemptCountsRecord,
  AttemptHostRecord,
  AttemptRecord,
  Attempts,
  FailureRecord,
} from '@hostmesh/db';
import type { HostReport } from '@hostmesh/host-mesh';
import type { FastifyBaseLogger } from 'fastify';
import { ChangeFeed } from '../events/change-feed.ts';
import { BatchWriter } from '../persist/batch-writer.ts';
import { attemptView, failuresOf, hostRecord, hostResult, pushFailureGroups } from './attempt-view.ts';

export interface AttemptRowsDeps {
  readonly attempts: Pick<Attempts, 'saveHosts'>;
  /** Whose lease the attempt is under. */
  readonly owner: string;
  readonly publish: (event: ApiEvent) => void;
  readonly log: FastifyBaseLogger;
  /** Another replica has taken the attempt over: nothing more can be recorded. */
  readonly onLost: () => void;
}

/**
 * How often results are recorded while the push runs. A quick push then writes each host once, at its end: what a
 * crash loses of the last second, it would have to ask the hosts about anyway.
 */
const WRITE_MS = 1000;

/** What the engine has told of the hosts of an attempt that runs here: recorded in batches, and published as it changes. */
export class AttemptRows {
  readonly #rows: Map<number, AttemptHostRecord>;
  readonly #feed: ChangeFeed<AttemptHostRecord>;
  readonly #writer: BatchWriter<AttemptHostRecord>;
  #record: AttemptRecord;

  /** Every host queued, in rank order. */
  constructor(
    record: AttemptRecord,
    hosts: readonly { readonly text: string; readonly rank?: number }[],
    deps: AttemptRowsDeps,
  ) {
    const { attempts, owner, publish, log, onLost } = deps;
    const { id } = record;
    this.#record = record;
    this.#rows = new Map(hosts.map(({ text, rank }, index) => [rank ?? index, queued(rank ?? index, text)]));
    this.#writer = new BatchWriter({
      intervalMs: WRITE_MS,
      keyOf: ({ rank }) => rank,
      save: (rows) => attempts.saveHosts(id, owner, rows),
      onLost,
      onError: (err, dropped) =>
        log.error(
          { err, attemptId: id, dropped: dropped.map(({ rank }) => rank) },
          'results could not be recorded',
        ),
    });
    this.#feed = new ChangeFeed({
      publish,
      rowsChanged: (rows) => ({
        type: 'attempt.hosts_changed',
        attemptId: id,
        hosts: rows.map(hostResult),
      }),
      wholeChanged: () => ({ type: 'attempt.changed', attempt: this.view() }),
    });
  }

  get record(): AttemptRecord {
    return this.#record;
  }

  /** The hosts that have been asked to restore what they had, and have not said how that went. */
  get restoring(): readonly number[] {
    return [...this.#rows.values()]
      .filter(({ restore }) => restore?.kind === 'pending')
      .map(({ rank }) => rank);
  }

  /** The attempt as of now; ahead of what is recorded, never behind. */
  view(): Attempt {
    const failures = failuresOf([...this.#rows.values()]);
    return attemptView({ ...this.#record, counts: this.count() }, failures, pushFailureGroups(failures));
  }

  count(): AttemptCountsRecord {
    const counts = {
      total: this.#rows.size,
      installed: 0,
      failed: 0,
      restoring: 0,
      restored: 0,
      residue: 0,
      withoutEffect: 0,
      keysWithoutEffect: 0,
    };
    for (const { state, restore, shadowedKeys, unknownKeys } of this.#rows.values()) {
      const keys = state === 'installed' ? shadowedKeys.length + unknownKeys.length : 0;
      if (keys > 0) counts.withoutEffect += 1;
      counts.keysWithoutEffect = Math.max(counts.keysWithoutEffect, keys);
      if (state === 'installed' || state === 'failed') counts[state] += 1;
      if (restore?.kind === 'pending') counts.restoring += 1;
      if (restore?.kind === 'restored' || restore?.kind === 'residue') counts[restore.kind] += 1;
    }
    return { ...counts, pending: counts.total - counts.installed - counts.failed };
  }

  /** Takes note of what the engine tells of hosts. */
  hear(reports: readonly HostReport[]): void {
    const rows = reports.map(hostRecord);
    this.#put(rows);
    this.#feed.add(rows);
    this.#writer.add(rows);
  }

  /** Hosts that have no verdict get this one. */
  failRest(failure: FailureRecord): void {
    const rest = [...this.#rows.values()].filter(({ state }) => state !== 'installed' && state !== 'failed');
    this.#put(rest.map((row) => ({ ...row, state: 'failed', failure })));
  }

  /** Hosts that had installed fail all the same, and still hold it. */
  fail(ranks: readonly number[], failure: FailureRecord): AttemptHostRecord[] {
    const failing = new Set(ranks);
    const restore = { kind: 'pending' as const };
    const rows = [...this.#rows.values()]
      .filter(({ rank }) => failing.has(rank))
      .map((row) => ({ ...row, state: 'failed' as const, failure, restore }));
    this.#put(rows);
    return rows;
  }

  /** Records what was heard, and nothing that is heard later: what the engine tells after its verdict are restores alone. */
  async recordLast(limitMs: number): Promise<Result<void, Fault>> {
    const flushed = await this.#writer.flush(limitMs);
    this.#writer.stop();
    return flushed;
  }

  /** The attempt is recorded like this from now on. */
  update(record: AttemptRecord): void {
    this.#record = record;
    this.tell();
  }

  /** Publishes now what has changed. */
  tell(): void {
    this.#feed.flush();
  }

  /** Publishes nothing more of itself. */
  fallSilent(): void {
    this.#feed.stop();
  }

  #put(rows: readonly AttemptHostRecord[]): void {
    for (const row of rows) this.#rows.set(row.rank, row);
  }
}

const queued = (rank: number, address: string): AttemptHostRecord => ({
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
});
