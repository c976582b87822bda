/** How many failures one address may have in a window, and how many addresses are remembered. */
export interface FailureLimits {
  readonly maxFailures: number;
  readonly windowMs: number;
  readonly maxAddresses: number;
}

const usual: FailureLimits = { maxFailures: 10, windowMs: 60_000, maxAddresses: 10_000 };

/**
 * Slows down guessing: counts failures per address in fixed windows. Success costs nothing, so that an operator is
 * not locked out by using the dashboard. Takes the time in milliseconds as an argument.
 */
export class FailureLimiter {
  readonly #limits: FailureLimits;
  readonly #windows = new Map<string, { failures: number; endsAt: number }>();

  constructor(limits: FailureLimits = usual) {
    this.#limits = limits;
  }

  /** Milliseconds until the address may try again; 0 when it may now. */
  waitMs(address: string, now: number): number {
    const window = this.#windows.get(address);
    if (window === undefined || window.failures < this.#limits.maxFailures) return 0;
    return Math.max(0, window.endsAt - now);
  }

  recordFailure(address: string, now: number): void {
    const window = this.#windows.get(address);
    if (window !== undefined && window.endsAt > now) {
      window.failures += 1;
      return;
    }
    this.#windows.delete(address);
    // The oldest window goes first: a map keeps the order of insertion.
    const oldest = this.#windows.keys().next();
    if (this.#windows.size >= this.#limits.maxAddresses && !oldest.done) this.#windows.delete(oldest.value);
    this.#windows.set(address, { failures: 1, endsAt: now + this.#limits.windowMs });
  }
}
