import type { Status } from '../proc/status.ts';

/**
 * What was reported about one thing (reference 10.2). Whoever owns the thing counts `generation` up with each change,
 * so that reports which overtake each other on different ways can be put in order; the time is for people.
 */
export interface State<T> {
  readonly id: string;
  readonly status: Status;
  /** Null when nothing is known beyond the status. */
  readonly state: T | null;
  readonly generation: number;
  /** Milliseconds since 1970 by the clock of the reporter. */
  readonly timestampMs: number;
}

/** The state with the higher generation; of equals the one that is already known, so that repeats change nothing. */
export function newerState<T>(known: State<T>, reported: State<T>): State<T> {
  return reported.generation > known.generation ? reported : known;
}
