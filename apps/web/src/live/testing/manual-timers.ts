import type { Timers } from '../timers.ts';

/** Timers that only go on when a test says so. */
export interface ManualTimers extends Timers {
  /** Lets so many milliseconds pass, and does what is due by then in its order. */
  readonly pass: (ms: number) => void;
  /** How much is still to be done. */
  readonly waiting: () => number;
}

export function createManualTimers(): ManualTimers {
  let nowMs = 0;
  const due = new Set<{ readonly atMs: number; readonly work: () => void }>();
  return {
    now: () => nowMs,
    after(ms, work) {
      const entry = { atMs: nowMs + ms, work };
      due.add(entry);
      return () => due.delete(entry);
    },
    pass(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = [...due].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        due.delete(next);
        nowMs = next.atMs;
        next.work();
      }
      nowMs = untilMs;
    },
    waiting: () => due.size,
  };
}
