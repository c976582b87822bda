import { keptAtMost, type Database } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import { repeat, type Repeating } from '../async/repeat.ts';

/** Pause between two rounds. */
const ROUND_EVERY_MS = 3_600_000;
/** Not at once: a start has better things to do. */
const FIRST_AFTER_MS = 60_000;

/** Deletes again and again what is not kept any longer. */
export class RetentionKeeper {
  readonly #db: Pick<Database, 'deleteOld'>;
  readonly #retentionMs: number;
  readonly #log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  readonly #stop = new AbortController();
  #rounds: Repeating | null = null;

  constructor(
    db: Pick<Database, 'deleteOld'>,
    retentionMs: number,
    log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
  ) {
    this.#db = db;
    this.#retentionMs = retentionMs;
    this.#log = log;
  }

  start(): void {
    let next = 0;
    const round = async () => {
      if (Date.now() < next) return;
      next = Date.now() + ROUND_EVERY_MS;
      await this.#deleteOld();
    };
    this.#rounds = repeat(FIRST_AFTER_MS, round, (err) =>
      this.#log.warn({ event: 'retention.failed', err }, 'what is not kept any longer could not be deleted'),
    );
  }

  /** Resolves once the batch that is under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#rounds?.stop();
  }

  async #deleteOld(): Promise<void> {
    const since = new Date(Date.now() - this.#retentionMs);
    const { signal } = this.#stop;
    const deleted = await this.#db.deleteOld({ since, atMost: keptAtMost }, { signal });
    if (Object.keys(deleted).length === 0) return;
    this.#log.info({ event: 'retention.deleted', since, deleted }, 'deleted what is not kept any longer');
  }
}
