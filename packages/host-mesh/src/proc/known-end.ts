import { describeProc, describeRestarts, isTerminated, statusOfProc } from '@hostmesh/core';
import type { FormerEnd, ProcReport } from '@hostmesh/protocol';

/** How a run of a proc ended, as it is shown and recorded. */
export interface KnownEnd {
  /** One clause for people. */
  readonly text: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** In milliseconds since 1970 by the clock of the host. */
  readonly at: number;
  readonly stderrTail: readonly string[];
}

/** How the last runs of a proc ended: a later run that has not ended hides nothing. */
export interface KnownEnds {
  /** Of the last run that has ended; null when none has. */
  readonly last: KnownEnd | null;
  /** Of the run before the one that is shown; null when that is the first. */
  readonly former: KnownEnd | null;
  /** How often it was started again. */
  readonly restarts: number;
}

/** What a report tells of them. */
export function endsOfReport(report: ProcReport): KnownEnds {
  const former = report.formerEnd && knownEnd(report.formerEnd);
  const { status, cause, leftover } = report;
  const hasEnded = isTerminated(statusOfProc(status, cause));
  const own = hasEnded ? knownEnd({ ...report, leftover }) : null;
  return { last: own ?? former, former, restarts: report.restarts.count };
}

type Ended = Pick<FormerEnd, 'at' | 'cause' | 'causeText' | 'endedBy' | 'exit' | 'stderrTail'> &
  Pick<ProcReport, 'status'>;

const knownEnd = ({ at, exit, stderrTail, ...end }: Ended & { leftover?: number }): KnownEnd => ({
  text: describeProc({
    ...end,
    restarts: { count: 0, nextAt: null },
    leftover: end.leftover ?? 0,
  }),
  exitCode: exit?.code ?? null,
  signal: exit?.signal ?? null,
  at,
  stderrTail,
});

/** For a text that says nothing of how runs ended: what the last one came to, and how many there were. */
export function tellLastEnd({ last, restarts }: KnownEnds): string | null {
  return last === null ? null : `its last run ${clauseOf(last.text)}${describeRestarts(restarts)}`;
}

/** Text that is the rest of a sentence about the run: `killed by SIGKILL` is something that happened to it. */
const clauseOf = (text: string): string => (/^(killed|stopped|not |lost)/.test(text) ? `was ${text}` : text);
