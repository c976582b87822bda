'use client';

import { useNow } from './clock.ts';
import { formatAgo, formatDuration } from './format.ts';

/** When something was: how long ago, with the full RFC 3339 time on hover and for screen readers. */
export function Time({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={at} suppressHydrationWarning>
      <span aria-hidden="true">{formatAgo(Date.parse(at), now)}</span>
      <span className="unseen">{at}</span>
    </time>
  );
}

/** When something was, to the second on the clock of everybody, and how long ago. */
export function DateTime({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={at} suppressHydrationWarning>
      {`${at.slice(0, 19).replace('T', ' ')} UTC (${formatAgo(Date.parse(at), now)})`}
    </time>
  );
}

/** How long something took. */
export function Duration({ ms }: { ms: number }) {
  return <span title={`${ms} ms`}>{formatDuration(ms)}</span>;
}

/** How long something has been going on, counting up. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow();
  return <Duration ms={Math.max(0, now - Date.parse(since))} />;
}

/** When something is going to be: in how long, with the full RFC 3339 time on hover and for screen readers. */
export function Until({ at }: { at: string }) {
  const leftMs = Date.parse(at) - useNow();
  return (
    <time dateTime={at} title={at} suppressHydrationWarning>
      <span aria-hidden="true">
        {leftMs <= 0 ? 'now' : `in ${formatDuration(Math.ceil(leftMs / 1000) * 1000)}`}
      </span>
      <span className="unseen">{at}</span>
    </time>
  );
}
