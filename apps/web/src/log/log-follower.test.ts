import { getEventListeners } from 'node:events';
import type { ApiFault } from '@hostmesh/client';
import type { LogEntry, LogEvent, ProcLogs } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { MAX_LINES } from './log-buffer.ts';
import { createLogFollower, type LogApi } from './log-follower.ts';

const line = (seq: number): LogEntry => ({
  seq,
  stream: 'stdout',
  at: '2026-01-01T00:00:00Z',
  text: `line ${seq}`,
  partial: false,
});
const lines = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => line(first + index));
const reply = (given: Partial<ProcLogs>): Result<ProcLogs, ApiFault> =>
  ok({
    entries: [],
    gaps: [],
    lastSeq: given.entries?.at(-1)?.seq ?? 0,
    newestSeq: given.lastSeq ?? given.entries?.at(-1)?.seq ?? 0,
    ended: false,
    source: 'host',
    ...given,
  });
const noAnswer: Result<ProcLogs, ApiFault> = fail({
  code: 'network',
  message: 'no answer',
  status: null,
  problem: null,
});

/** A source whose answers and stream the test decides; while the stream is live nothing is asked for. */
function aSource(answers: readonly Result<ProcLogs, ApiFault>[], isLive = false) {
  const asked: unknown[] = [];
  const stream = {
    send: (_event: LogEvent) => {},
    setLive: (_isLive: boolean) => {},
    after: -1,
    signal: new AbortController().signal,
  };
  const source: LogApi = {
    read(query) {
      asked.push(query);
      return Promise.resolve(answers[asked.length - 1] ?? noAnswer);
    },
    stream({ after, signal, onEvent, onState }) {
      Object.assign(stream, { send: onEvent, setLive: onState, after, signal });
      if (isLive) onState(true);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
    pollMs: () => 1,
    isTransient: (fault) => fault.code === 'network',
  };
  const follower = createLogFollower(source);
  onTestFinished(follower.start());
  return { follower, asked, stream, seqs: () => follower.snapshot().shown.entries.map(({ seq }) => seq) };
}

test('after the last lines come those of the stream', async () => {
  const { follower, stream, seqs } = aSource([reply({ entries: lines(1, 3) })]);
  await vi.waitFor(() => expect(stream.after).toBe(3));
  stream.setLive(true);
  stream.send({ type: 'entries', entries: lines(4, 5) });
  await vi.waitFor(() => expect(seqs()).toEqual([1, 2, 3, 4, 5]));
  expect(follower.snapshot().follow.kind).toBe('live');
});

test('a pause keeps the picture still and counts what is held; resuming shows all of it', async () => {
  const { follower, stream, seqs } = aSource([reply({ entries: lines(1, 3) })]);
  await vi.waitFor(() => expect(stream.after).toBe(3));
  stream.setLive(true);
  follower.pause();
  stream.send({ type: 'entries', entries: lines(4, 145) });
  await vi.waitFor(() => expect(follower.snapshot().held).toBe(142));
  expect(seqs()).toEqual([1, 2, 3]);
  follower.resume();
  expect(seqs()).toHaveLength(145);
  expect(follower.snapshot().held).toBe(0);
});

test('without a stream new lines are asked for', async () => {
  const { asked, seqs } = aSource([
    reply({ entries: lines(1, 3) }),
    reply({ entries: lines(4, 6) }),
    reply({ lastSeq: 6, ended: true }),
  ]);
  await vi.waitFor(() => expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]));
  await vi.waitFor(() => expect(asked).toEqual([{ tail: 1000 }, { after: 3 }, { after: 6 }]));
});

test('a log that is followed for long gathers nothing but its lines', async () => {
  const { stream, seqs } = aSource([reply({ entries: lines(1, 3) })]);
  await vi.waitFor(() => expect(stream.after).toBe(3));
  stream.setLive(true);
  const before = getEventListeners(stream.signal, 'abort').length;
  for (let seq = 4; seq < 8; seq += 1) {
    stream.send({ type: 'entries', entries: lines(seq, seq) });
    await vi.waitFor(() => expect(seqs()).toHaveLength(seq));
  }
  expect(getEventListeners(stream.signal, 'abort').length).toBeLessThanOrEqual(before + 1);
});

test('an API that does not answer makes the log stale since then, and an answer heals it', async () => {
  const { follower, seqs } = aSource([noAnswer, noAnswer, reply({ entries: lines(1, 2), ended: true })]);
  await vi.waitFor(() => expect(follower.snapshot().follow.kind).toBe('ended'));
  expect(seqs()).toEqual([1, 2]);
});

test('a host that falls silent is said to be, and what it says then ends that', async () => {
  const { follower, stream } = aSource([reply({ entries: lines(1, 1) })]);
  await vi.waitFor(() => expect(stream.after).toBe(1));
  stream.setLive(true);
  stream.send({ type: 'stalled', reason: 'the host does not answer' });
  expect(follower.snapshot().follow).toMatchObject({ kind: 'stalled', reason: 'the host does not answer' });
  stream.send({ type: 'entries', entries: lines(2, 2) });
  expect(follower.snapshot().follow.kind).toBe('live');
});

test('the end of the stream is the end, with everything before it shown', async () => {
  const { follower, stream, seqs } = aSource([reply({ entries: lines(1, 1) })]);
  await vi.waitFor(() => expect(stream.after).toBe(1));
  stream.send({ type: 'entries', entries: lines(2, 4) });
  stream.send({ type: 'gap', gap: { afterSeq: 4, beforeSeq: 9, reason: 'dropped' } });
  stream.send({ type: 'ended' });
  expect(seqs()).toEqual([1, 2, 3, 4]);
  expect(follower.snapshot()).toMatchObject({
    follow: { kind: 'ended' },
    shown: { gaps: [{ afterSeq: 4 }] },
  });
});

/** Pages of at most so many of as many lines. */
const pagesOf = (total: number, size: number): Result<ProcLogs, ApiFault>[] =>
  Array.from({ length: Math.ceil(total / size) }, (_, page) =>
    reply({ entries: lines(page * size + 1, Math.min(total, (page + 1) * size)), newestSeq: total }),
  );

test('of more lines than the page has room for the first are read, and nothing after them pushes them out', async () => {
  const tail = reply({ entries: lines(100_001, 100_371) });
  const { follower, asked, stream } = aSource([tail, ...pagesOf(100_400, 4700)], true);
  await vi.waitFor(() => expect(stream.after).toBe(100_371));
  const notes: unknown[] = [];
  follower.subscribe(() => notes.push(follower.snapshot().follow));
  follower.fromStart();
  await vi.waitFor(() => expect(follower.snapshot().follow.kind).toBe('head'));
  const { shown, follow, from } = follower.snapshot();
  expect(from).toBe('start');
  expect(shown).toMatchObject({ dropped: 0, lastSeq: MAX_LINES });
  expect(shown.entries).toHaveLength(MAX_LINES);
  expect(shown.entries[0]?.seq).toBe(1);
  expect(follow).toEqual({ kind: 'head', readTo: MAX_LINES, newest: 100_400 });
  expect(notes).toContainEqual({ kind: 'reading', readTo: 4700, newest: 100_400 });
  expect(asked).toHaveLength(1 + Math.ceil(MAX_LINES / 4700));
});

test('fewer lines are read to the last from the first, and then followed', async () => {
  const answers = [reply({ entries: lines(9, 12) }), ...pagesOf(12, 5), reply({ lastSeq: 12 })];
  const { follower, stream, seqs } = aSource(answers, true);
  await vi.waitFor(() => expect(stream.after).toBe(12));
  stream.after = -1;
  follower.fromStart();
  await vi.waitFor(() => expect(stream.after).toBe(12));
  expect(seqs()).toEqual(lines(1, 12).map(({ seq }) => seq));
});

test('an answer that fails is asked for again while the start is read', async () => {
  const [first, ...rest] = pagesOf(12, 5);
  const answers = [reply({ entries: lines(9, 12) }), first ?? noAnswer, noAnswer, ...rest];
  const { follower, stream, seqs } = aSource([...answers, reply({ lastSeq: 12, ended: true })], true);
  await vi.waitFor(() => expect(stream.after).toBe(12));
  follower.fromStart();
  await vi.waitFor(() => expect(follower.snapshot().follow.kind).toBe('ended'));
  expect(seqs()).toEqual(lines(1, 12).map(({ seq }) => seq));
});

test('from the first lines there is a way back to the last', async () => {
  const answers = [reply({ entries: lines(1, 3), newestSeq: 12 }), reply({ entries: lines(9, 12) })];
  const { follower, asked, stream, seqs } = aSource(answers, true);
  await vi.waitFor(() => expect(stream.after).toBe(3));
  follower.toEnd();
  await vi.waitFor(() => expect(seqs()).toEqual([9, 10, 11, 12]));
  expect(asked.at(-1)).toEqual({ tail: 1000 });
  expect(follower.snapshot().from).toBe('end');
});
