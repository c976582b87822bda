import { assertNever } from '@hostmesh/core';
import type { Mark } from '../ui/state/mark.ts';
import { Shape } from '../ui/state/state-mark.tsx';
import { countOf, formatCount } from '../ui/text/count.ts';
import { formatClock } from '../ui/time/format.ts';
import type { LogSnapshot } from './log-follower.ts';
import styles from './log.module.css';

/** How fresh the log is, in one line. */
export function FollowNote({ log }: { log: LogSnapshot }) {
  const { tone, word } = noteOf(log);
  return (
    <p className={styles['note']} role="status">
      <Shape tone={tone} /> {word}
    </p>
  );
}

function noteOf({ follow, isPaused, shown, held }: LogSnapshot): Mark {
  const lines = countOf(shown.entries.length, 'line');
  if (isPaused)
    return { tone: 'ended', word: `Paused at ${lines}; ${formatCount(held)} new ones are kept for later.` };
  switch (follow.kind) {
    case 'loading':
      return { tone: 'moving', word: 'Reading the output.' };
    case 'live':
      return { tone: 'good', word: `${lines}; new ones appear as they are written.` };
    case 'polling':
      return {
        tone: 'timeout',
        word: `${lines}; there is no stream, new ones are asked for every few seconds.`,
      };
    case 'stalled':
      return {
        tone: 'unknown',
        word: `${lines}. Since ${formatClock(follow.since)} nothing new can be had: ${follow.reason}. It is asked again.`,
      };
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
