'use client';

import { assertNever } from '@hostmesh/core';
import { useLiveConnection, useLiveState } from '../live/live-provider.tsx';
import type { LiveState } from '../live/live-state.ts';
import { pollIntervals, setPollInterval, usePollInterval } from '../live/poll-interval.ts';
import { Button } from '../ui/button/button.tsx';
import { StaleNote } from '../ui/feedback/states.tsx';
import { Popup } from '../ui/overlay/popup.tsx';
import type { Mark } from '../ui/state/mark.ts';
import { Shape } from '../ui/state/state-mark.tsx';
import { formatClock } from '../ui/time/format.ts';
import { useOutage } from './outage-note.tsx';
import styles from './top-bar.module.css';

/** How fresh the screen is, in a word; what that means and the pause switch behind it. */
export function LiveChip() {
  const connection = useLiveConnection();
  const state = useLiveState();
  const seconds = usePollInterval() / 1000;
  const outage = useOutage();
  // An open stream says nothing of what lies behind the API.
  const { tone, word }: Mark =
    outage === null || state.kind === 'paused' ? chipOf(state, seconds) : { tone: 'failed', word: outage };
  return (
    <Popup
      title="Freshness of this page"
      button={
        <span className={styles['chip']}>
          <Shape tone={tone} />
          <span suppressHydrationWarning>{word}</span>
        </span>
      }
    >
      <p>{explain(state, seconds)}</p>
      <PollChoice />
      {state.kind === 'paused' ? (
        <Button onClick={connection.resume}>Resume updates</Button>
      ) : (
        <Button onClick={connection.pause}>Pause updates</Button>
      )}
    </Popup>
  );
}

/** How often to ask for what is not part of the stream, and for everything while there is no stream. */
function PollChoice() {
  const pollMs = usePollInterval();
  return (
    <label className={styles['poll']}>
      <span>Ask again every</span>
      <select value={pollMs} onChange={(event) => setPollInterval(Number(event.target.value))}>
        {pollIntervals.map((ms) => (
          <option key={ms} value={ms}>
            {ms / 1000} s
          </option>
        ))}
      </select>
      <small className="quiet">usage always, everything while the stream is down</small>
    </label>
  );
}

function chipOf(state: LiveState, seconds: number): Mark {
  switch (state.kind) {
    case 'connecting':
      return { tone: 'moving', word: 'connecting' };
    case 'live':
      return { tone: 'good', word: 'live' };
    case 'polling':
      return { tone: 'timeout', word: `polling every ${seconds} s` };
    case 'stale':
      return { tone: 'unknown', word: `stale since ${formatClock(state.since)}` };
    case 'asleep':
      return { tone: 'unknown', word: `not live since ${formatClock(state.since)}` };
    case 'paused':
      return { tone: 'ended', word: `paused since ${formatClock(state.since)}` };
    default:
      return assertNever(state);
  }
}

function explain(state: LiveState, seconds: number): string {
  switch (state.kind) {
    case 'connecting':
      return 'The stream of changes is being opened.';
    case 'live':
      return 'Changes arrive as they happen.';
    case 'polling':
      return `The stream of changes broke at ${formatClock(state.since)}. Until it is back, this page is read again every ${seconds} s.`;
    case 'stale':
      return `The API does not answer. What you see was right at ${formatClock(state.since)}. It is asked again every ${seconds} s.`;
    case 'asleep':
      return `Nobody looked at this page since ${formatClock(state.since)}, which is when what you see was right. The stream of changes is being opened.`;
    case 'paused':
      return `You paused updates at ${formatClock(state.since)}. What you see does not change until you resume.`;
    default:
      return assertNever(state);
  }
}

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
