/** Options of `stop` and `shutdown`. */
export interface EndOptions {
  /** Total deadline; 40 s when absent, or longer when that is too short for the procs that are to be ended. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Shuts down also hosts that another client has taken over; that ends this client's work, too. */
  readonly evenIfTakenOver?: boolean;
}

/** `MESH_TERMINATE_TIMEOUT` and 30 s, the barrier of reference section 5.2; ours is a total, and the least of it. */
export const END_TIMEOUT_MS = 40_000;
