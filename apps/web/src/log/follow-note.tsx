import { assertNever, countOf, formatCount } from '@hostmesh/core';
import { Shape } from '../ui/state/state-mark.tsx';
import type { Mark } from '../ui/state/mark.ts';
import { formatClock } from '../ui/time/format.ts';
import styles from './log.module.css';
import type { LogSnapshot } from './step-log-follow.ts';

/** How fresh the log is, in one line. */
export function FollowNote({ log, silentSince }: { log: LogSnapshot; silentSince: string | null }) {
  const { tone, word } = noteOf(log, silentSince === null ? null : Date.parse(silentSince));
  return (
    <p className={styles['note']} role="status">
      <Shape tone={tone} /> {word}
    </p>
  );
}

/**
 * How fresh the log is. `silentSince` is since when the proc's host cannot be heard (ms since 1970), null when it can:
 * a stream that is up then says nothing of the proc.
 */
export function noteOf(log: LogSnapshot, silentSince: number | null): Mark {
  const { follow, isPaused, shown, held } = log;
  const lines = countOf(shown.entries.length, 'line');
  if (isPaused)
    return {
      tone: 'ended',
      word: `Paused at ${lines}; ${countOf(held, 'new one is', 'new ones are')} kept for later.`,
    };
  switch (follow.kind) {
    case 'loading':
      return { tone: 'moving', word: 'Reading the output.' };
    case 'reading':
      return {
        tone: 'moving',
        word: `Reading: ${formatCount(follow.readTo)} of ${countOf(follow.newest, 'line')}.`,
      };
    case 'head':
      return { tone: 'ended', word: `The first ${lines}; new ones are not followed here.` };
    case 'live':
    case 'polling':
      if (silentSince !== null) return stalled(lines, silentSince, 'the host does not answer');
      return follow.kind === 'live'
        ? { tone: 'good', word: `${lines}; new ones appear as they are written.` }
        : {
            tone: 'timeout',
            word: `${lines}; there is no stream, new ones are asked for every few seconds.`,
          };
    case 'stalled':
      return stalled(lines, Math.min(follow.since, silentSince ?? Infinity), follow.reason);
    case 'stale':
      return {
        tone: 'unknown',
        word: `${lines}, as of ${formatClock(follow.since)}. ${follow.reason} It is asked again.`,
      };
    case 'ended':
      return { tone: 'ended', word: `${lines}; no more will come.` };
    case 'failed':
      return { tone: 'failed', word: follow.fault.message };
    default:
      return assertNever(follow);
  }
}

const stalled = (lines: string, since: number, reason: string): Mark => ({
  tone: 'unknown',
  word: `${lines}. Since ${formatClock(since)} nothing new can be had: ${reason}. It is asked again.`,
});
