/** A part that ran for this long before it died has proved itself: its next restart is quick again. */
const PROVEN_MS = 30_000;
const FIRST_MS = 500;
const LAST_MS = 30_000;

/** How long to wait before the next restart, and how many there were in a row. */
export interface RestartBackoff {
  readonly restarts: number;
  readonly delayMs: number;
}

export const noBackoff: RestartBackoff = { restarts: 0, delayMs: 0 };

/** The wait after a death: doubles with each that follows quickly, up to half a minute. */
export function afterDeath(before: RestartBackoff, ranForMs: number): RestartBackoff {
  if (before.restarts === 0 || ranForMs >= PROVEN_MS) return { restarts: 1, delayMs: FIRST_MS };
  return { restarts: before.restarts + 1, delayMs: Math.min(before.delayMs * 2, LAST_MS) };
}
