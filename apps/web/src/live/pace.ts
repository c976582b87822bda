/** Time as what is live sees it; tests hand in their own. */
export interface Timers {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Runs `work` once, so many milliseconds later, unless the returned function is called before. */
  readonly after: (ms: number, work: () => void) => () => void;
}

/** The browser's. */
export const browserTimers: Timers = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** Work that is asked for again and again, and done less often. */
export interface Paced {
  readonly ask: () => void;
  /** Calls off what was asked for and is not done yet. */
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
