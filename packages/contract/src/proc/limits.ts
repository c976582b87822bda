/** As many procs as one proc mesh may have, and as large as one dimension of it may be. */
export const MAX_PROCS = 100_000;

/** What a spawn request means by what it leaves out, and what a page says of it. */
export const spawnDefaults = {
  /** How long a proc must be alive to count as ready. */
  aliveFor: '250ms',
  /** Restarts in a row. */
  restartLimit: 5,
  backoff: '1s',
  maxBackoff: '30s',
} as const;

/** As many entries of output as are shown when nobody says how many. */
export const DEFAULT_LOG_TAIL = 200;
