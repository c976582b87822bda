/** Hands out the epochs of one client (design section 7.3). */
export interface EpochSource {
  /** Greater than every epoch that it handed out before. */
  next(): number;
}

const MICROS_PER_MS = 1000;

/**
 * Microseconds since 1970: it follows `wallNowMs` (system time when absent) while that grows, and counts on when it stands
 * still or goes back. What hosts have seen of other clients is no matter of epochs: see `orderOf` of the protocol.
 */
export function createEpochSource(wallNowMs: () => number = Date.now): EpochSource {
  let last = 0;
  return {
    next() {
      last = Math.max(last + 1, Math.floor(wallNowMs() * MICROS_PER_MS));
      return last;
    },
  };
}
