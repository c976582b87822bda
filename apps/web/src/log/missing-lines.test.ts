import { expect, test } from 'vitest';
import { emptyLog, type LogBuffer } from './log-buffer.ts';
import { missingOf } from './missing-lines.tsx';

const live = { kind: 'live' } as const;
const from = (seq: number): LogBuffer => ({
  ...emptyLog,
  entries: [{ seq, stream: 'stdout', at: '2026-01-01T00:00:00Z', text: '', partial: false }],
  lastSeq: seq,
});

test('a log lacks what is before its first line, unless nobody has that', () => {
  expect(missingOf({ shown: from(1), follow: live })).toBe('none');
  expect(missingOf({ shown: from(9), follow: live })).toBe('earlier');
  const gap = { afterSeq: 0, beforeSeq: 9, reason: 'dropped by the host' };
  expect(missingOf({ shown: { ...from(9), gaps: [gap] }, follow: live })).toBe('none');
  expect(missingOf({ shown: { ...from(9), dropped: 8 }, follow: live })).toBe('dropped');
});

test('the first lines alone lack what is after them', () => {
  const head = { kind: 'head', readTo: 1, newest: 9 } as const;
  expect(missingOf({ shown: from(1), follow: head })).toBe('later');
});
