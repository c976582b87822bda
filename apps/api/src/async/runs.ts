import { callAfter } from '@hostmesh/core';

/** An operation that runs in this process and ends with a verdict. */
export interface Stoppable {
  readonly id: string;
  readonly verdict: Promise<unknown>;
  /** Ends it early. */
  end(reason: 'shutting_down'): void;
}

/** The operations that requests have begun and that run in this process, by id. */
export class Runs<Run extends Stoppable> {
  readonly #runs = new Map<string, Run>();
  readonly #beginnings = new Set<Promise<unknown>>();
  #isStopping = false;
  #isGraceOver = false;

  /** Whether nothing more is to be begun. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  get all(): readonly Run[] {
    return [...this.#runs.values()];
  }

  get(id: string): Run | undefined {
    return this.#runs.get(id);
  }

  /** Does what may add a run; `stop` waits for it. */
  async begin<T>(work: () => Promise<T>): Promise<T> {
    const beginning = work();
    const ended = beginning.catch(() => undefined).finally(() => this.#beginnings.delete(ended));
    this.#beginnings.add(ended);
    return beginning;
  }

  /** Resolves when what is being begun now has added its run, or will not. */
  async begun(): Promise<void> {
    await Promise.all(this.#beginnings);
  }

  /** Adds a run; one that comes when the grace of `stop` is over is ended at once. */
  add(run: Run): void {
    this.#runs.set(run.id, run);
    if (this.#isGraceOver) run.end('shutting_down');
  }

  delete(id: string): void {
    this.#runs.delete(id);
  }

  /** Gives what runs, and what was just about to, `graceMs` to end by itself, then ends it. Resolves with their verdicts. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const cancelGrace = callAfter(graceMs, () => {
      this.#isGraceOver = true;
      for (const run of this.all) run.end('shutting_down');
    });
    await this.begun();
    await Promise.all(this.all.map((run) => run.verdict));
    cancelGrace();
  }
}
