import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';

export interface ResultWriterOptions<Row> {
  /** Writes rows in one transaction. Throws when the database does not answer; then the same rows come again. */
  readonly save: (rows: readonly Row[]) => Promise<Result<unknown, Fault<'lease_lost'>>>;
  /** Called once if somebody else has taken the work over: nothing is written any more. */
  readonly onLost: () => void;
  /** Pause between two batches. */
  readonly intervalMs?: number;
}

/** Why rows are not recorded. */
export type WriteFault = Fault<'lease_lost' | 'database_unavailable'>;

const RETRY_MS = 250;

/**
 * Writes rows by rank in batches, one at a time. Of a row that changes while a batch is being written only the
 * latest is kept, so that what waits is never more than one row per host, however slow the database.
 */
export class ResultWriter<Row extends { readonly rank: number }> {
  readonly #options: Required<ResultWriterOptions<Row>>;
  #waiting = new Map<number, Row>();
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lost = false;

  constructor(options: ResultWriterOptions<Row>) {
    this.#options = { intervalMs: 250, ...options };
  }

  add(rows: readonly Row[]): void {
    if (this.#lost) return;
    for (const row of rows) this.#waiting.set(row.rank, row);
    this.#schedule();
  }

  /** Resolves once everything added before is recorded, or cannot be within `limitMs`. */
  async flush(limitMs: number): Promise<Result<void, WriteFault>> {
    const until = Date.now() + limitMs;
    for (;;) {
      try {
        while (this.#writing !== null || this.#waiting.size > 0) await this.#write();
        return this.#lost
          ? fail({ code: 'lease_lost', message: 'Somebody else works on it now.' })
          : ok(undefined);
      } catch (cause) {
        if (Date.now() + RETRY_MS > until) {
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
      // A failure is not lost: the rows wait for the next turn, and `flush` reports it if it lasts.
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
    const batch = this.#waiting;
    if (batch.size === 0) return;
    this.#waiting = new Map();
    try {
      const saved = await this.#options.save([...batch.values()]);
      if (saved.ok) return;
    } catch (error) {
      // Newer rows of the same hosts win.
      this.#waiting = new Map([...batch, ...this.#waiting]);
      throw error;
    }
    this.stop();
    this.#options.onLost();
  }
}
