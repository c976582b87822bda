import type { LogStream } from '../generated/enums.ts';

/** Which stored output: up to `limit` entries after `after`, or else the last `tail` ones. */
export interface LogQuery {
  after?: number | undefined;
  /** Looked at when `after` is not given; without both, from the first entry on. */
  tail?: number | undefined;
  limit: number;
  stream?: LogStream | undefined;
}
