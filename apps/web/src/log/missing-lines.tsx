import { assertNever, formatCount } from '@hostmesh/core';
import { Button } from '../ui/button/button.tsx';
import { MAX_LINES } from './log-buffer.ts';
import type { LogFollower } from './log-follower.ts';
import styles from './log.module.css';
import type { LogSnapshot } from './step-log-follow.ts';

/**
 * Which lines of the output the page lacks, other than those that nobody has.
 * - `earlier`: those before the first; they can be loaded
 * - `dropped`: those that were let go of to make room for new ones
 * - `later`: those after the first that there was room for, or that are being read
 */
export type Missing = 'none' | 'earlier' | 'dropped' | 'later';

/** What a page with this log lacks. */
export function missingOf({ shown, follow }: Pick<LogSnapshot, 'shown' | 'follow'>): Missing {
  if (follow.kind === 'head' || follow.kind === 'reading') return 'later';
  if (shown.dropped > 0) return 'dropped';
  const firstSeq = shown.entries[0]?.seq ?? 1;
  return firstSeq > 1 && !shown.gaps.some(({ afterSeq }) => afterSeq < firstSeq) ? 'earlier' : 'none';
}

/** Which lines the page lacks, and what the reader can do for them. */
export function MissingLines(props: { log: LogSnapshot; missing: Missing; follower: LogFollower }) {
  const { log, missing, follower } = props;
  const { entries, dropped } = log.shown;
  switch (missing) {
    case 'none':
      return null;
    case 'later':
      return log.follow.kind === 'head' ? (
        <p className={styles['note']}>
          Lines {formatCount(log.follow.readTo + 1)} to {formatCount(log.follow.newest)} and any after them
          are not loaded.{' '}
          <Button look="quiet" onClick={follower.toEnd}>
            Go to the end
          </Button>
        </p>
      ) : null;
    case 'dropped':
      return (
        <p className={styles['note']}>
          This page keeps the last {formatCount(MAX_LINES)} lines; {formatCount(dropped)} earlier ones are in
          the download.
        </p>
      );
    case 'earlier':
      return (
        <p className={styles['note']}>
          Lines 1 to {formatCount((entries[0]?.seq ?? 1) - 1)} are not loaded.{' '}
          <Button look="quiet" onClick={follower.fromStart}>
            Load from the start
          </Button>
        </p>
      );
    default:
      return assertNever(missing);
  }
}
