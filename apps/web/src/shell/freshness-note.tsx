'use client';

import { useLiveState } from '../live/live-provider.tsx';
import { usePollInterval } from '../live/poll-interval.ts';
import { StaleNote } from '../ui/feedback/states.tsx';

/** Says on every page when what is shown may be old, since when, and what is being tried. */
export function FreshnessNote() {
  const state = useLiveState();
  const pollMs = usePollInterval();
  if (state.kind === 'stale') {
    return (
      <StaleNote since={state.since}>
        The API does not answer; it is asked again every {pollMs / 1000} s.
      </StaleNote>
    );
  }
  if (state.kind === 'paused') {
    return (
      <StaleNote since={state.since}>Updates are paused; resume them from the chip at the top.</StaleNote>
    );
  }
  return null;
}
