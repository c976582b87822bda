/** How often is looked whether this process stood still. */
const BEAT_MS = 250;
/** A beat that comes later than that was held up: the process was busy, stopped, or its machine asleep. */
const STALL_MS = 1_000;
/** What came in meanwhile is read before time goes on. */
const CATCH_UP_MS = 500;

/**
 * Milliseconds in which this process could hear others. While it stands still nobody's answer can be read, so that no host
 * is late by that: this time stands still as well, and goes on a moment later.
 */
export class AttentiveTime {
  readonly #monotonicMs: () => number;
  #beatAt: number;
  #lostMs = 0;
  #told = -Infinity;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#beatAt = monotonicMs();
  }

  /** Looks again and again, for as long as the process lives; keeps it alive for nothing. */
  start(): void {
    setInterval(() => this.beat(), BEAT_MS).unref();
  }

  beat(): void {
    this.now();
    this.#beatAt = this.#monotonicMs();
  }

  now(): number {
    const now = this.#monotonicMs();
    const stoodMs = now - this.#beatAt;
    if (stoodMs > STALL_MS) {
      this.#lostMs += stoodMs + CATCH_UP_MS;
      this.#beatAt = now;
    }
    this.#told = Math.max(this.#told, now - this.#lostMs);
    return this.#told;
  }
}
