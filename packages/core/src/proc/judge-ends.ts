import { assertNever } from '../fault.ts';
import { asAsked, type ProcStatus, type StopCause } from './proc-status.ts';
import type { StatusKind } from './status.ts';

/**
 * How a proc, or a proc mesh, ended.
 * - `succeeded`: exited with 0 by itself
 * - `failed`: exited otherwise, was killed, could not be started or was not ready in time; nobody had asked for its end
 * - `stopped`: ended because somebody asked for that, whatever its exit code or signal
 * - `lost`: nobody knows how it ended
 */
export const endKinds = ['succeeded', 'failed', 'stopped', 'lost'] as const;
/** How a proc, or a proc mesh, ended. */
export type EndKind = (typeof endKinds)[number];
/** How many procs ended in which way. */
export type EndCounts = Readonly<Record<EndKind, number>>;

/** What an end is judged by: as a host reports it. */
export interface ReportedEnd {
  readonly status: ProcStatus;
  readonly cause: StopCause | null;
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
}

/** How a process ended that will not be started again; null for one that has not ended. */
export function endKindOf({ status, cause, exit }: ReportedEnd): EndKind | null {
  switch (status.kind) {
    case 'Starting':
    case 'Running':
    case 'Ready':
    case 'Stopping':
      return null;
    case 'Stopped':
    case 'Killed':
      if (asAsked.has(cause)) return 'stopped';
      return status.kind === 'Stopped' && status.exitCode === 0 ? 'succeeded' : 'failed';
    case 'Failed': {
      // There was a process, and it is gone, but nobody saw its exit.
      const isUnseen = cause === null && exit !== null && exit.code === null && exit.signal === null;
      return isUnseen ? 'lost' : 'failed';
    }
    default:
      return assertNever(status);
  }
}

/**
 * How a proc mesh of `total` procs ended, whoever may have stopped the rest of a job that failed. A proc whose end is not
 * among `ends` is not known to have ended.
 */
export function judgeEnds({ succeeded, failed, stopped }: EndCounts, total: number): EndKind {
  if (failed > 0) return 'failed';
  if (succeeded + stopped < total) return 'lost';
  return stopped > 0 ? 'stopped' : 'succeeded';
}

/** No proc has ended. */
export const noEnds: EndCounts = { succeeded: 0, failed: 0, stopped: 0, lost: 0 };

/** How many procs, by their status now, a person should look at. */
export const troubleOf = ({
  Failed,
  Timeout,
  Unknown,
}: Readonly<Record<Extract<StatusKind, 'Failed' | 'Timeout' | 'Unknown'>, number>>): number =>
  Failed + Timeout + Unknown;
