/** The clock of the live connection; tests hand in one of their own. */
export interface Timers {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Runs `work` once, so many milliseconds later, unless the returned function is called before. */
  readonly after: (ms: number, work: () => void) => () => void;
}

/** The browser's clock. */
export const browserTimers: Timers = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** Work that may be asked for more often than it is done. */
export interface Paced {
  readonly ask: () => void;
  /** Cancels work that was asked for and is not done yet. */
  readonly stop: () => void;
}

/** Does `work` when it is asked for: at once after a quiet time, and under load once every `everyMs`. */
export function pace(work: () => void, everyMs: number, timers: Timers): Paced {
  let lastMs = Number.NEGATIVE_INFINITY;
  let callOff: (() => void) | undefined;
  return {
    ask() {
      callOff ??= timers.after(Math.max(0, lastMs + everyMs - timers.now()), () => {
        callOff = undefined;
        lastMs = timers.now();
        work();
      });
    },
    stop() {
      callOff?.();
      callOff = undefined;
    },
  };
}
