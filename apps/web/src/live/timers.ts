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
