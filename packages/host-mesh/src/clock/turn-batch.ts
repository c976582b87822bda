import type { Clock } from './clock.ts';

/** Collects things and hands them over together, each once and in order, once per turn of the event loop. */
export class TurnBatch<T> {
  readonly #clock: Clock;
  readonly #deliver: (batch: readonly T[]) => void;
  #collected = new Set<T>();

  constructor(clock: Clock, deliver: (batch: readonly T[]) => void) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  add(one: T): void {
    if (this.#collected.size === 0) this.#clock.nextTurn(() => this.flush());
    this.#collected.add(one);
  }

  /** Hands over now what has been collected. */
  flush(): void {
    if (this.#collected.size === 0) return;
    const batch = [...this.#collected];
    this.#collected = new Set();
    this.#deliver(batch);
  }
}
