import { assertNever } from '@hostmesh/core';

/**
 * How fresh the screen is. Times are milliseconds since 1970.
 * - `connecting`: the first connection is on its way
 * - `live`: changes arrive as they happen
 * - `polling`: the stream is down since `since`; everything shown is read again every few seconds, last at `readAt`
 * - `stale`: neither works; what is shown was right at `since`
 * - `asleep`: nobody looked at this page, so that nothing was heard since `since`; the stream is opened when somebody does
 * - `paused`: the reader asked for a still picture
 */
export type LiveState =
  | { readonly kind: 'connecting'; readonly since: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'polling'; readonly since: number; readonly readAt: number }
  | { readonly kind: 'stale'; readonly since: number }
  | { readonly kind: 'asleep'; readonly since: number }
  | { readonly kind: 'paused'; readonly since: number };

/** What can happen to how fresh the screen is. */
export type LiveEvent =
  | 'stream_live'
  | 'stream_lost'
  | 'poll_answered'
  | 'poll_failed'
  | 'unseen'
  | 'paused'
  | 'resumed';

/**
 * The state after something happened, for a lost stream at the time when it was last heard. A poll's result matters only
 * while the stream is down.
 */
export function stepLive(state: LiveState, event: LiveEvent, now: number): LiveState {
  if (event === 'paused') return { kind: 'paused', since: now };
  if (event === 'resumed') return { kind: 'connecting', since: now };
  switch (state.kind) {
    case 'paused':
      return state;
    case 'connecting':
    case 'live':
      if (event === 'stream_live') return { kind: 'live' };
      if (event === 'stream_lost') return { kind: 'polling', since: now, readAt: now };
      return event === 'unseen' ? { kind: 'asleep', since: now } : state;
    case 'asleep':
      if (event === 'stream_live') return { kind: 'live' };
      if (event === 'stream_lost') return { kind: 'polling', since: state.since, readAt: state.since };
      return state;
    case 'polling':
      if (event === 'stream_live') return { kind: 'live' };
      if (event === 'poll_answered') return { ...state, readAt: now };
      if (event === 'poll_failed') return { kind: 'stale', since: state.readAt };
      return state;
    case 'stale':
      if (event === 'stream_live') return { kind: 'live' };
      if (event === 'poll_answered') return { kind: 'polling', since: state.since, readAt: now };
      return state;
    default:
      return assertNever(state);
  }
}

/** The state, and those who are told when something happened to it. */
export interface LiveStore {
  readonly state: () => LiveState;
  /** The returned function ends the subscription. */
  readonly subscribe: (listener: () => void) => () => void;
  /** `at` is now when absent. */
  readonly happened: (event: LiveEvent, at?: number) => void;
}

/** The store of a page that is just connecting. */
export function createLiveStore(): LiveStore {
  const listeners = new Set<() => void>();
  let state: LiveState = { kind: 'connecting', since: Date.now() };
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    happened(event, at = Date.now()) {
      state = stepLive(state, event, at);
      for (const listener of listeners) listener();
    },
  };
}
