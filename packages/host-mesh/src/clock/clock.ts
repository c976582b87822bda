import { callAfter } from '@hostmesh/core';
import { AttentiveTime } from './attentive-time.ts';

/**
 * Time as the engine sees it, so that every wait can be driven by a test. Timers keep the process alive. It is the time in
 * which we could hear: hosts are judged by it, and none is late because this process stood still.
 */
export interface Clock {
  /** Milliseconds that never go back; only differences mean something. */
  now(): number;
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** Calls back once, after `delayMs`; returns what prevents that. */
  after(delayMs: number, callback: () => void): () => void;
  /** As `after`, but at once when this process stood still for so long: for what others wait for. */
  promptly(delayMs: number, callback: () => void): () => void;
  /** Calls back once, after the event loop has read whatever input is ready now. */
  nextTurn(callback: () => void): void;
}

const attentive = new AttentiveTime(() => performance.now());
attentive.start();

export const systemClock: Clock = {
  now: () => attentive.now(),
  wallNow: () => Date.now(),
  after(delayMs, callback) {
    const dueAt = attentive.now() + delayMs;
    const look = (): void => {
      const restMs = dueAt - attentive.now();
      // Timers may come a moment early.
      if (restMs < 1) callback();
      else cancel = callAfter(restMs, look);
    };
    let cancel = callAfter(delayMs, look);
    return () => cancel();
  },
  promptly: callAfter,
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
