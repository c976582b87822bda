import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';

const RETRY_MS = 1000;

/** Work that no request waits for: what it throws is logged, and whoever owns it waits for its end in `stop`. */
export class Background {
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(log: Pick<FastifyBaseLogger, 'error'>) {
    this.#log = log;
  }

  /** Fires when `stop` is called. */
  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  /** Begins work that may take as long as it takes; `failure` says in the log what did not come about. */
  run(failure: string, work: () => Promise<void>): void {
    const running = work()
      .catch((err: unknown) => this.#log.error({ err }, failure))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /**
   * Does a write again and again until it succeeds, and logs failures less and less often. Undefined when we stop
   * before that; never rejects.
   */
  async persist<T>(write: () => Promise<T>, failure: string): Promise<T | undefined> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await write();
      } catch (err) {
        if (Math.log2(failures + 1) % 1 === 0) this.#log.error({ err }, failure);
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  /** Tries nothing again; resolves when everything that runs has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
