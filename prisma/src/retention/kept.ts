/** What is kept at most besides what the retention says: of each the newest. A row is about 200 bytes, one of output up to 16 kB. */
export const keptAtMost = {
  auditEntries: 1_000_000,
  /** Changes of the status of one proc. */
  transitionsPerProc: 1000,
  /** Changes of one host, mesh or attempt. */
  changesPerThing: 1000,
  /** Entries of stored output of one proc. */
  outputPerProc: 100_000,
};

/** Which rows are not kept any longer. */
export interface Kept {
  /** What ended before goes, unless something that is kept refers to it. */
  readonly since: Date;
  readonly atMost: typeof keptAtMost;
}
