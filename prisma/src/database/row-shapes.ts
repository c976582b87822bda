// Shapes that rows of several tables hold.

/** Labelled sizes in order, as core's `Extent`. */
export interface ExtentRecord {
  labels: readonly string[];
  sizes: readonly number[];
}

/**
 * The right to work on an attempt, or to watch a mesh, for `durationMs` from now by the database's clock. An
 * owner that does not renew it in time is taken for dead (design section 11).
 */
export interface OwnerLease {
  owner: string;
  durationMs: number;
}

/** Whose work to take over. */
export interface ClaimOptions {
  lease: OwnerLease;
  /**
   * True at the start of a replica, when nothing of its own name can be running: it then takes over what its
   * former life left, without waiting for those leases to end.
   */
  includeOwn: boolean;
}
