import type { ApiFault } from '@hostmesh/client';
import type { LogEntry, LogEvent, ProcLogs } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLogFollower, type LogSource } from './log-follower.ts';

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

/** A source whose answers and stream the test decides. */
function aSource(answers: readonly Result<ProcLogs, ApiFault>[]) {
  const asked: unknown[] = [];
  const stream = { send: (_event: LogEvent) => {}, setLive: (_isLive: boolean) => {}, after: -1 };
  const source: LogSource = {
    read(query) {
      asked.push(query);
      return Promise.resolve(answers[asked.length - 1] ?? noAnswer);
    },
    stream({ after, signal, onEvent, onState }) {
      Object.assign(stream, { send: onEvent, setLive: onState, after });
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
