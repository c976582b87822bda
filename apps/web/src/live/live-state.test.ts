import { expect, test } from 'vitest';
import { stepLive, type LiveEvent, type LiveState } from './live-state.ts';

const after = (...events: LiveEvent[]): LiveState =>
  events.reduce<LiveState>((state, event, index) => stepLive(state, event, index + 1), {
    kind: 'connecting',
    since: 0,
  });

test('a stream that is up is live', () => {
  expect(after('stream_live')).toEqual({ kind: 'live' });
});

test('a lost stream means polling', () => {
  expect(after('stream_live', 'stream_lost')).toEqual({ kind: 'polling', since: 2, readAt: 2 });
});

test('polls that fail make the screen stale since the last answer', () => {
  expect(after('stream_lost', 'poll_answered', 'poll_failed', 'poll_failed')).toEqual({
    kind: 'stale',
    since: 2,
  });
});

test('an answer or a stream ends staleness', () => {
  expect(after('stream_lost', 'poll_failed', 'poll_answered')).toMatchObject({ kind: 'polling', readAt: 3 });
  expect(after('stream_lost', 'poll_failed', 'stream_live')).toEqual({ kind: 'live' });
});

test('a pause holds until it is taken back, whatever else happens', () => {
  expect(after('stream_live', 'paused', 'stream_lost', 'poll_failed', 'stream_live')).toEqual({
    kind: 'paused',
    since: 2,
  });
  expect(after('paused', 'resumed')).toEqual({ kind: 'connecting', since: 2 });
});

test('a page that nobody looks at is not live, since then, until its stream is open again', () => {
  expect(after('stream_live', 'unseen')).toEqual({ kind: 'asleep', since: 2 });
  expect(after('stream_live', 'unseen', 'stream_live')).toEqual({ kind: 'live' });
  expect(after('stream_live', 'unseen', 'stream_lost')).toEqual({ kind: 'polling', since: 2, readAt: 2 });
  expect(after('stream_lost', 'unseen')).toMatchObject({ kind: 'polling', since: 1 });
});
