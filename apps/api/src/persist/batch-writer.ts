import { setTimeout as sleep } from 'node:timers/promises';
import { countOf, fail, type Fault, ok, type Result } from '@hostmesh/core';
import { isDatabaseUnavailable } from '@hostmesh/db';
import { systemClock } from '@hostmesh/host-mesh';

export interface BatchWriterOptions<Row> {
  /** Writes rows in one transaction. Throws when they could not be written; then the same rows come again. */
  readonly save: (rows: readonly Row[]) => Promise<Result<unknown, Fault<'lease_lost'>>>;
  /** Called once if somebody else has taken the work over: nothing is written any more. */
  readonly onLost: () => void;
  /** Told of saves that failed, less and less often while they go on failing. `dropped` can never be written. */
  readonly onError: (error: unknown, dropped: readonly Row[]) => void;
  /** Of rows that wait under the same key only the latest is kept; without it all are, in their order. */
  readonly keyOf?: (row: Row) => unknown;
  /** Pause between two batches. */
  readonly intervalMs?: number;
  readonly maxBatch?: number;
  /** Beyond this the oldest rows are dropped: a database that stays away must not cost our memory. */
  readonly maxWaiting?: number;
}

/** Why rows are not recorded. */
export type WriteFault = Fault<'lease_lost' | 'database_unavailable'>;

const RETRY_MS = 250;
/** Refused so often although the database answers, a batch is taken apart to find the rows that it refuses. */
const REFUSALS = 2;
/** What is kept of the rows that may wait when there are too many. */
const KEPT_SHARE = 0.75;
const defaults = { intervalMs: 250, maxBatch: 5000, maxWaiting: 200_000 };

/** Writes rows in batches, one at a time, and again when that failed. */
export class BatchWriter<Row> {
  readonly #options: BatchWriterOptions<Row> & typeof defaults;
  #waiting = new Map<unknown, Row>();
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lost = false;
  #added = 0;
  #failures = 0;
  #refusals = 0;

  constructor(options: BatchWriterOptions<Row>) {
    this.#options = { ...defaults, ...options };
  }

  add(rows: readonly Row[]): void {
    if (this.#lost) return;
    const { keyOf, maxWaiting } = this.#options;
    for (const row of rows) this.#waiting.set(keyOf === undefined ? this.#added++ : keyOf(row), row);
    // A good part at once: finding the oldest takes time, and each time is told of.
    if (this.#waiting.size > maxWaiting)
      this.#dropOldest(this.#waiting.size - Math.floor(maxWaiting * KEPT_SHARE));
    this.#schedule();
  }

  /** Resolves once nothing waits any more, or cannot be recorded within `limitMs`. */
  flush(limitMs: number): Promise<Result<void, WriteFault>> {
    return this.#writeBatches(Infinity, limitMs);
  }

  /** As `flush`, but what is added meanwhile may still wait: with rows that never cease it resolves all the same. */
  catchUp(limitMs: number): Promise<Result<void, WriteFault>> {
    const { maxBatch } = this.#options;
    const batches = Math.ceil(this.#waiting.size / maxBatch);
    return this.#writeBatches(this.#writing === null ? batches : batches + 1, limitMs);
  }

  async #writeBatches(count: number, limitMs: number): Promise<Result<void, WriteFault>> {
    // Time in which we stood still ourselves is none in which the database did not answer.
    const until = systemClock.now() + limitMs;
    let left = count;
    for (;;) {
      try {
        for (; left > 0 && (this.#writing !== null || this.#waiting.size > 0); left -= 1) await this.#write();
        return this.#lost
          ? fail({ code: 'lease_lost', message: 'Somebody else works on it now.' })
          : ok(undefined);
      } catch (cause) {
        if (systemClock.now() + RETRY_MS > until) {
          return fail({ code: 'database_unavailable', message: 'The database does not answer.', cause });
        }
        await sleep(RETRY_MS);
      }
    }
  }

  /** Drops what was not written. */
  stop(): void {
    this.#lost = true;
    this.#waiting.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== null || this.#lost || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // The rows wait for the next turn, and `flush` reports a failure that lasts.
      this.#write().then(
        () => this.#schedule(),
        () => this.#schedule(),
      );
    }, this.#options.intervalMs);
  }

  /** Joins the batch that is being written, or writes what waits. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#take();
    if (batch.size === 0) return;
    try {
      if (this.#refusals >= REFUSALS) await this.#saveApart(batch, [...batch.keys()]);
      else await this.#save(batch, [...batch.keys()]);
      this.#failures = 0;
      this.#refusals = 0;
    } catch (error) {
      // Newer rows of the same key win.
      this.#waiting = new Map([...batch, ...(this.#lost ? [] : this.#waiting)]);
      if (!isDatabaseUnavailable(error)) this.#refusals += 1;
      this.#failures += 1;
      if (Math.log2(this.#failures) % 1 === 0) this.#options.onError(error, []);
      throw error;
    }
  }

  /** Removes from `batch` what it wrote. */
  async #save(batch: Map<unknown, Row>, keys: readonly unknown[]): Promise<void> {
    if (this.#lost) return;
    // Every key is one of the batch.
    const saved = await this.#options.save(keys.map((key) => batch.get(key) as Row));
    for (const key of keys) batch.delete(key);
    if (saved.ok) return;
    this.stop();
    this.#options.onLost();
  }

  /** Writes all rows but those that the database refuses even alone, which are dropped: they must not stop the others. */
  async #saveApart(batch: Map<unknown, Row>, keys: readonly unknown[]): Promise<void> {
    try {
      await this.#save(batch, keys);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      if (keys.length > 1) {
        const half = Math.ceil(keys.length / 2);
        await this.#saveApart(batch, keys.slice(0, half));
        await this.#saveApart(batch, keys.slice(half));
        return;
      }
      this.#options.onError(
        error,
        // Every key is one of the batch.
        keys.map((key) => batch.get(key) as Row),
      );
      for (const key of keys) batch.delete(key);
    }
  }

  #take(): Map<unknown, Row> {
    const { maxBatch } = this.#options;
    const all = this.#waiting;
    if (all.size <= maxBatch) {
      this.#waiting = new Map();
      return all;
    }
    const entries = [...all];
    this.#waiting = new Map(entries.slice(maxBatch));
    return new Map(entries.slice(0, maxBatch));
  }

  #dropOldest(count: number): void {
    const dropped = [...this.#waiting].slice(0, count);
    for (const [key] of dropped) this.#waiting.delete(key);
    const message = `${countOf(count, 'row')} waited too long for the database`;
    this.#options.onError(
      new Error(message),
      dropped.map(([, row]) => row),
    );
  }
}
