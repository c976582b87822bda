import type { Clock } from '../clock/clock.ts';

/** A clock that moves when a test says so. Turns of the event loop happen while it moves. */
export class ManualClock implements Clock {
  /** How long each turn of the event loop takes. */
  readonly #turnMs: number;
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  #turns: (() => void)[] = [];

  constructor(turnMs = 0) {
    this.#turnMs = turnMs;
  }

  now(): number {
    return this.#now;
  }

  wallNow(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  promptly(delayMs: number, callback: () => void): () => void {
    return this.after(delayMs, callback);
  }

  nextTurn(callback: () => void): void {
    this.#turns.push(callback);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass, and everything happen that follows from it. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await this.settle();
      const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Runs turns of the event loop until nothing is left to happen at this time. */
  async settle(): Promise<void> {
    for (;;) {
      // All promise reactions run before the next macrotask.
      await new Promise((resolve) => setImmediate(resolve));
      const turns = this.#turns;
      if (turns.length === 0) return;
      this.#turns = [];
      this.#now += this.#turnMs;
      for (const turn of turns) turn();
    }
  }
}
