'use client';

import { useNow } from './clock.ts';
import { formatDuration } from './format.ts';

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
