/** What it takes until the end of the last proc has been noticed, verified and told. */
const SLACK_MS = 5_000;

/**
 * How long stopping so many procs of one host may take, as a function of the work (reference section 11, "Improve on
 * it"; there it is fixed, and shorter than the work of 64 stuck procs): two steps of the ladder for each batch.
 */
export const stopBarrierMs = (procsPerHost: number, concurrency: number, stepMs: number): number =>
  Math.ceil(procsPerHost / concurrency) * 2 * stepMs + SLACK_MS;
