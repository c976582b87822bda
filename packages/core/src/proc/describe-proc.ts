import { assertNever } from '../fault.ts';
import { countOf, timesText } from '../text/count.ts';
import { statusOfProc, type LadderStep, type ProcStatus, type StopCause } from './proc-status.ts';
import { isTerminated } from './status.ts';

/** As much of what a host reports of a proc as its description needs. Times are in milliseconds. */
export interface DescribedProc {
  readonly status: ProcStatus;
  readonly cause: StopCause | null;
  readonly causeText: string | null;
  readonly endedBy: LadderStep | null;
  /** What its start waits for, or what keeps it from being ready as far as that can be seen. */
  readonly waitsFor?: string | null;
  readonly restarts: { readonly count: number; readonly nextAt: number | null };
  /** Processes of it that run although its leader has ended. */
  readonly leftover: number;
}

/**
 * What is still to come of a proc that has ended.
 * - `restarting`: it is started again
 * - `lingering`: it is not, and processes of it still run
 */
export type AfterEnd = 'restarting' | 'lingering';

/** What is still to come of a proc; null for one that has not ended, or is over. */
export const afterEndOf = (proc: { nextRestartAt: unknown; leftover: number }): AfterEnd | null =>
  proc.nextRestartAt !== null ? 'restarting' : proc.leftover > 0 ? 'lingering' : null;

/** Whether it has ended and nothing of it runs, or will run again. */
export const hasEndedForGood = ({ status, cause, restarts, leftover }: DescribedProc): boolean =>
  isTerminated(statusOfProc(status, cause)) && restarts.nextAt === null && leftover === 0;

/**
 * A proc's state as one clause for people: `running`, `exited with code 3`, `stopped as asked (SIGKILL)`. The same
 * report has the same text for ever, so it may be stored. `restartLimit` is that of the proc's restart policy.
 */
export function describeProc(proc: DescribedProc, restartLimit?: number): string {
  return `${describeStatus(proc)}${describeRestart(proc, restartLimit)}${describeLeftover(proc)}`;
}

function describeStatus({ status, cause, causeText, endedBy, waitsFor = null }: DescribedProc): string {
  switch (status.kind) {
    case 'Starting':
      return waitsFor === null ? 'starting' : `not started yet: ${waitsFor}`;
    case 'Running':
      return `started, not ready yet${waitsFor === null ? '' : `: ${waitsFor}`}`;
    case 'Ready':
      return 'running';
    case 'Stopping':
      return `stopping${endedBy === null ? '' : ` (${endedBy === 'asked' ? endedBy : `${endedBy} sent`})`}`;
    case 'Stopped':
      return cause === null ? `exited with code ${status.exitCode}` : describeStop(cause, causeText, endedBy);
    case 'Killed':
      return cause === null
        ? `killed by ${status.signal}${status.coreDumped ? ' (core dumped)' : ''}`
        : describeStop(cause, causeText, endedBy);
    case 'Failed':
      return status.reason;
    default:
      return assertNever(status);
  }
}

/** How an end that we brought about is called. */
const stopTexts: Record<StopCause, string> = {
  requested: 'stopped as asked',
  drained: 'stopped when its host was drained',
  shut_down: 'stopped when its host was shut down',
  orphaned: 'stopped as orphan',
  rolled_back: 'stopped because its spawn failed',
  not_ready: 'stopped because it did not become ready',
  agent_ended: 'ended with its host agent',
};

/** Causes after which the text also says why: nothing else tells why a host or a spawn gave up on its procs. */
const tellsWhy: ReadonlySet<StopCause> = new Set<StopCause>(['orphaned', 'not_ready']);

function describeStop(cause: StopCause, causeText: string | null, endedBy: LadderStep | null): string {
  const why = causeText !== null && tellsWhy.has(cause) ? `: ${causeText}` : '';
  // The step is left out when the process ended as soon as it was asked: that is the usual case.
  return `${stopTexts[cause]}${why}${endedBy === null || endedBy === 'asked' ? '' : ` (${endedBy})`}`;
}

/** In a text, separates why the proc ended from its restarts, that is due or that there were. */
export const RESTART_MARK = '; restart';

/** The same for a proc that ended otherwise in run after run: how often it was started again. */
export const describeRestarts = (count: number): string =>
  count === 0 ? '' : `${RESTART_MARK}ed ${timesText(count)}`;

/** What stays when a leader has ended: processes that have left its group, as daemons do. */
const describeLeftover = ({ leftover }: DescribedProc): string =>
  leftover === 0 ? '' : `; ${countOf(leftover, 'process of it still runs', 'processes of it still run')}`;

/** Names no time: the text is stored, and a moment later the time in it would be wrong. */
function describeRestart({ restarts: { count, nextAt } }: DescribedProc, limit?: number): string {
  if (nextAt === null) return '';
  return limit === undefined ? `${RESTART_MARK}s` : `${RESTART_MARK}s (${count + 1} of ${limit})`;
}
