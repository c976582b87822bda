/** Hands out the epochs of one client (design section 7.3). */
export interface EpochSource {
  /** Greater than every epoch that it handed out or was told of before. */
  next(): number;
  /** Takes note of an epoch that an agent has seen, so that the next push to it is not refused as stale. */
  observe(epoch: number): void;
}

const MICROS_PER_MS = 1000;

/**
 * A hybrid clock in microseconds since 1970: it follows `wallNowMs` (system time when absent) while that grows,
 * and counts on when it stands still or goes back. What it is told of further ahead than `maxSkewMs` (a day when
 * absent) is not believed, or one broken host would drive all epochs to the end of their range.
 */
export function createEpochSource(
  wallNowMs: () => number = Date.now,
  { maxSkewMs = 86_400_000 }: { readonly maxSkewMs?: number } = {},
): EpochSource {
  let last = 0;
  return {
    next() {
      last = Math.max(last + 1, Math.floor(wallNowMs() * MICROS_PER_MS));
      return last;
    },
    observe(epoch) {
      if (epoch <= (wallNowMs() + maxSkewMs) * MICROS_PER_MS) last = Math.max(last, epoch);
    },
  };
}
