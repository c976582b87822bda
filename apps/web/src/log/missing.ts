import type { LogSnapshot } from './log-follower.ts';

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
