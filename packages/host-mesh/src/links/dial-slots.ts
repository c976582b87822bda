import type { Clock } from '../clock/clock.ts';

/**
 * Bounds how many connections are being opened at a time, in the order asked. A dial that has not come to an end
 * after `patienceMs` goes on but no longer counts: otherwise as many hosts that swallow packets as there are slots
 * would keep all others from being dialled at all.
 */
export class DialSlots {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #patienceMs: number;
  /** By rank, when its dial began; oldest first. */
  readonly #dialling = new Map<number, number>();
  readonly #queue: { readonly rank: number; readonly start: () => void }[] = [];
  #next = 0;
  #cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, limit: number, patienceMs: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#patienceMs = patienceMs;
  }

  /** Calls `start` when there is room, perhaps at once. `leave` it when the dial has ended. */
  enter(rank: number, start: () => void): void {
    this.#queue.push({ rank, start });
    this.#admit();
  }

  leave(rank: number): void {
    if (this.#dialling.delete(rank)) this.#admit();
  }

  /** Nothing is started any more. */
  close(): void {
    this.#queue.length = 0;
    this.#next = 0;
    this.#stopTimer();
  }

  #admit(): void {
    while (this.#next < this.#queue.length && this.#dialling.size < this.#limit) {
      const entry = this.#queue[this.#next++];
      if (entry === undefined) break;
      this.#dialling.set(entry.rank, this.#clock.now());
      entry.start();
    }
    if (this.#next === this.#queue.length) this.close();
    else this.#cancelTimer ??= this.#clock.after(this.#patienceLeftMs(), () => this.#givenUp());
  }

  #givenUp(): void {
    this.#stopTimer();
    const before = this.#clock.now() - this.#patienceMs;
    for (const [rank, since] of this.#dialling) {
      if (since > before) break;
      this.#dialling.delete(rank);
    }
    this.#admit();
  }

  #patienceLeftMs(): number {
    const [oldest = this.#clock.now()] = this.#dialling.values();
    return Math.max(0, oldest + this.#patienceMs - this.#clock.now());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
