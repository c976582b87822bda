/** Pauses between attempts: they double from `firstMs` up to `maxMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * The pause before attempt number `attempts + 1`, shortened by up to half so that hosts that went away together
 * are not dialled together. `jitter` is in [0, 1).
 */
export function backoffMs({ firstMs, maxMs }: Backoff, attempts: number, jitter: number): number {
  // Beyond 30 doublings every maximum in use is exceeded, and the power would leave the integers.
  const fullMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempts - 1, 30));
  return fullMs * (1 - jitter / 2);
}
