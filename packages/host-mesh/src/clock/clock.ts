import { callAfter } from '@hostmesh/core';

/**
 * Time as the engine sees it, so that every wait can be driven by a test. Timers keep the process alive, except
 * where said otherwise.
 */
export interface Clock {
  /** Milliseconds that never go back; only differences mean something. */
  now(): number;
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** Calls back once, after `delayMs`; returns what prevents that. */
  after(delayMs: number, callback: () => void): () => void;
  /** Calls back once, after the event loop has read whatever input is ready now. */
  nextTurn(callback: () => void): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after: callAfter,
  nextTurn(callback) {
    setImmediate(callback);
  },
};

/** Resolves after `ms`, or when the signal fires. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancelTimer();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancelTimer = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
