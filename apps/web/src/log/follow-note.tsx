import { Shape } from '../ui/state/state-mark.tsx';
import { noteOf } from './follow-word.ts';
import type { LogSnapshot } from './log-follower.ts';
import styles from './log.module.css';

/** How fresh the log is, in one line. */
export function FollowNote({ log, silentSince }: { log: LogSnapshot; silentSince: string | null }) {
  const { tone, word } = noteOf(log, silentSince === null ? null : Date.parse(silentSince));
  return (
    <p className={styles['note']} role="status">
      <Shape tone={tone} /> {word}
    </p>
  );
}
