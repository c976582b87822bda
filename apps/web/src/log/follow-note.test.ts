import { expect, test } from 'vitest';
import { formatClock } from '../ui/time/format.ts';
import { noteOf } from './follow-note.tsx';
import { emptyLog } from './log-buffer.ts';
import type { FollowState, LogSnapshot } from './step-log-follow.ts';

const log = (follow: FollowState): LogSnapshot => ({
  shown: emptyLog,
  held: 0,
  isPaused: false,
  follow,
  from: 'end',
});
const silentSince = Date.parse('2026-01-01T10:00:00Z');

test('a stream that is up says nothing of a proc whose host cannot be heard', () => {
  expect(noteOf(log({ kind: 'live' }), null).tone).toBe('good');
  for (const kind of ['live', 'polling'] as const) {
    const note = noteOf(log({ kind }), silentSince);
    expect(note.tone).toBe('unknown');
    expect(note.word).toContain(`Since ${formatClock(silentSince)} nothing new can be had`);
  }
});

test('a host is silent since it fell silent, not since we were told', () => {
  const stalled: FollowState = { kind: 'stalled', since: silentSince + 60_000, reason: 'no answer' };
  expect(noteOf(log(stalled), silentSince).word).toContain(`Since ${formatClock(silentSince)} nothing`);
  expect(noteOf(log(stalled), null).word).toContain(formatClock(silentSince + 60_000));
});

test('output that has all come needs no host', () => {
  expect(noteOf(log({ kind: 'ended' }), silentSince).word).toBe('0 lines; no more will come.');
});

test('reading from the start says how far it has come', () => {
  const reading: FollowState = { kind: 'reading', readTo: 20_764, newest: 100_371 };
  expect(noteOf(log(reading), null).word).toBe('Reading: 20,764 of 100,371 lines.');
});
