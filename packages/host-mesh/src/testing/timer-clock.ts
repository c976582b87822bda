import { systemClock, type Clock } from '../clock/clock.ts';

/**
 * A clock with real timers, whose time is that for which the last of them was set: how late a loaded machine runs them does
 * not count, and neither does what happens between them.
 */
export class TimerClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  wallNow(): number {
    return systemClock.wallNow();
  }

  after(delayMs: number, callback: () => void): () => void {
    const dueAt = this.#now + delayMs;
    return systemClock.after(delayMs, () => {
      this.#now = Math.max(this.#now, dueAt);
      callback();
    });
  }

  promptly(delayMs: number, callback: () => void): () => void {
    return this.after(delayMs, callback);
  }

  nextTurn(callback: () => void): void {
    systemClock.nextTurn(callback);
  }
}
