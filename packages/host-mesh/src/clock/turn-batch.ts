import type { Clock } from './clock.ts';

/** Collects ranks that changed and hands them over together, once per turn of the event loop. */
export class TurnBatch {
  readonly #clock: Clock;
  readonly #deliver: (ranks: readonly number[]) => void;
  #ranks = new Set<number>();

  constructor(clock: Clock, deliver: (ranks: readonly number[]) => void) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  add(rank: number): void {
    if (this.#ranks.size === 0) this.#clock.nextTurn(() => this.flush());
    this.#ranks.add(rank);
  }

  /** Hands over now what has been collected. */
  flush(): void {
    if (this.#ranks.size === 0) return;
    const ranks = [...this.#ranks];
    this.#ranks = new Set();
    this.#deliver(ranks);
  }
}
