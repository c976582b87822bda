import type { StatusKind } from '@hostmesh/core';
import type { TransitionSource } from '../generated/enums.ts';

/**
 * One change of a proc, with all that is known of it from then on.
 *
 * A report of the host is recorded once per generation. A report that was recorded before, heard again after the
 * controller had concluded something else (`Unknown`), is recorded as the controller's: "it is what it was". Both
 * kinds may be given with either source.
 */
export interface ProcTransitionRow {
  rank: number;
  generation: number;
  source: TransitionSource;
  status: StatusKind;
  statusText: string;
  cause: string | null;
  exitCode: number | null;
  signal: string | null;
  endedBy: string | null;
  pid: number | null;
  /** When it happened, by the clock of whoever noticed. */
  at: Date;
  /** When we heard it, by our clock; null for what the controller concluded from silence: `lastHeardAt` stays. */
  heardAt: Date | null;
  startedAt: Date | null;
  restarts: number;
  nextRestartAt: Date | null;
  stderrTail: readonly string[];
  adopted: boolean;
}
