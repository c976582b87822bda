import { getEventListeners } from 'node:events';
import type { ApiFault } from '@hostmesh/client';
import type { LogEvent, ProcLogs } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import { expect, onTestFinished, test } from 'vitest';
import { createManualTimers } from '../live/testing/manual-timers.ts';
import { MAX_LINES } from './log-buffer.ts';
import { createLogFollower, type LogApi } from './log-follower.ts';
import { logLines, logReply, noAnswer } from './testing/log-lines.ts';

type Answer = Result<ProcLogs, ApiFault>;
const silence: Answer = fail(noAnswer);
const reply = (given: Partial<ProcLogs>): Answer => ok(logReply(given));
const POLL_MS = 3000;

/** A source whose answers and stream the test decides; while the stream is live nothing is asked for. */
function aSource(answers: readonly Answer[], isLive = false) {
  const timers = createManualTimers();
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
      return Promise.resolve(answers[asked.length - 1] ?? silence);
    },
    stream({ after, signal, onEvent, onState }) {
      Object.assign(stream, { send: onEvent, setLive: onState, after, signal });
      if (isLive) onState(true);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
    pollMs: () => POLL_MS,
    isTransient: (fault) => fault.code === 'network',
  };
  const follower = createLogFollower(source, timers);
  const stop = follower.start();
  onTestFinished(stop);
  return {
    follower,
    asked,
    stream,
    timers,
    stop,
    seqs: () => follower.snapshot().shown.entries.map(({ seq }) => seq),
    kind: () => follower.snapshot().follow.kind,
    /** Lets all answers arrive, then so much time pass, and the answers of that arrive. */
    pass: async (ms: number) => {
      await answersArrive();
      timers.pass(ms);
      await answersArrive();
    },
  };
}

/** More turns than any chain of answers has. */
async function answersArrive(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
}

test('after the last lines come those of the stream, the first of them at once', async () => {
  const { stream, seqs, kind, pass } = aSource([reply({ entries: logLines(1, 3) })]);
  await pass(0);
  expect(stream.after).toBe(3);
  stream.setLive(true);
  stream.send({ type: 'entries', entries: logLines(4, 4), open: [] });
  stream.send({ type: 'entries', entries: logLines(5, 5), open: [] });
  await pass(0);
  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  expect(kind()).toBe('live');
});

test('however fast lines come, they are shown at most four times a second', async () => {
  const { follower, stream, pass } = aSource([reply({ entries: logLines(1, 1) })], true);
  await pass(0);
  let shown = 0;
  follower.subscribe(() => (shown += 1));
  for (let seq = 2; seq <= 96; seq += 1) {
    stream.send({ type: 'entries', entries: logLines(seq, seq), open: [] });
    await pass(10);
  }
  expect(shown).toBe(4);
});

test('a pause keeps the picture still and counts what is held; resuming shows all of it', async () => {
  const { follower, stream, seqs, pass } = aSource([reply({ entries: logLines(1, 3) })], true);
  await pass(0);
  follower.pause();
  stream.send({ type: 'entries', entries: logLines(4, 145), open: [] });
  await pass(0);
  expect(follower.snapshot().held).toBe(142);
  expect(seqs()).toEqual([1, 2, 3]);
  follower.resume();
  expect(seqs()).toHaveLength(145);
  expect(follower.snapshot().held).toBe(0);
});

test('without a stream new lines are asked for', async () => {
  const { asked, seqs, pass } = aSource([
    reply({ entries: logLines(1, 3) }),
    reply({ entries: logLines(4, 6) }),
    reply({ lastSeq: 6, ended: true }),
  ]);
  await pass(POLL_MS);
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  await pass(POLL_MS);
  expect(asked).toEqual([{ tail: 1000 }, { after: 3 }, { after: 6 }]);
});

test('a log that is followed for long gathers nothing but its lines', async () => {
  const { stream, seqs, pass } = aSource([reply({ entries: logLines(1, 3) })], true);
  await pass(0);
  const before = getEventListeners(stream.signal, 'abort').length;
  for (let seq = 4; seq < 8; seq += 1) {
    stream.send({ type: 'entries', entries: logLines(seq, seq), open: [] });
    await pass(250);
    expect(seqs()).toHaveLength(seq);
  }
  expect(getEventListeners(stream.signal, 'abort').length).toBeLessThanOrEqual(before + 1);
});

test('an API that does not answer makes the log stale since then, and an answer heals it', async () => {
  const answers = [silence, silence, reply({ entries: logLines(1, 2), ended: true })];
  const { follower, seqs, kind, pass } = aSource(answers);
  await pass(POLL_MS);
  expect(follower.snapshot().follow).toEqual({ kind: 'stale', since: 0, reason: 'no answer' });
  await pass(POLL_MS);
  expect(kind()).toBe('ended');
  expect(seqs()).toEqual([1, 2]);
});

test('a host that falls silent is said to be, and what it says then ends that', async () => {
  const { follower, stream, kind, pass } = aSource([reply({ entries: logLines(1, 1) })], true);
  await pass(0);
  stream.send({ type: 'stalled', reason: 'the host does not answer' });
  expect(follower.snapshot().follow).toMatchObject({ kind: 'stalled', reason: 'the host does not answer' });
  stream.send({ type: 'entries', entries: logLines(2, 2), open: [] });
  expect(kind()).toBe('live');
});

test('the end of the stream is the end, with everything before it shown, and nothing is left waiting', async () => {
  const { follower, stream, seqs, timers, pass } = aSource([reply({ entries: logLines(1, 1) })]);
  await pass(0);
  stream.send({ type: 'entries', entries: logLines(2, 4), open: [] });
  stream.send({ type: 'gap', gap: { afterSeq: 4, beforeSeq: 9, reason: 'dropped' } });
  stream.send({ type: 'ended' });
  expect(seqs()).toEqual([1, 2, 3, 4]);
  expect(follower.snapshot()).toMatchObject({
    follow: { kind: 'ended' },
    shown: { gaps: [{ afterSeq: 4 }] },
  });
  expect(timers.waiting()).toBe(0);
});

test('a page that is left asks for nothing, waits for nothing, and takes in nothing any more', async () => {
  const { asked, stream, seqs, timers, stop, pass } = aSource([reply({ entries: logLines(1, 1) })], true);
  await pass(0);
  stop();
  stream.send({ type: 'entries', entries: logLines(2, 2), open: [] });
  await pass(10 * POLL_MS);
  expect([seqs(), asked.length, timers.waiting()]).toEqual([[1], 1, 0]);
});

/** Pages of at most so many of as many lines. */
const pagesOf = (total: number, size: number): Answer[] =>
  Array.from({ length: Math.ceil(total / size) }, (_, page) =>
    reply({ entries: logLines(page * size + 1, Math.min(total, (page + 1) * size)), newestSeq: total }),
  );

test('of more lines than the page has room for the first are read, and nothing after them pushes them out', async () => {
  const tail = reply({ entries: logLines(100_001, 100_371) });
  const { follower, asked, stream, pass } = aSource([tail, ...pagesOf(100_400, 4700)], true);
  await pass(0);
  expect(stream.after).toBe(100_371);
  const notes: unknown[] = [];
  follower.subscribe(() => notes.push(follower.snapshot().follow));
  follower.fromStart();
  await pass(0);
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
  const answers = [reply({ entries: logLines(9, 12) }), ...pagesOf(12, 5), reply({ lastSeq: 12 })];
  const { follower, stream, seqs, pass } = aSource(answers, true);
  await pass(0);
  stream.after = -1;
  follower.fromStart();
  await pass(0);
  expect(stream.after).toBe(12);
  expect(seqs()).toEqual(logLines(1, 12).map(({ seq }) => seq));
});

test('an answer that fails is asked for again while the start is read', async () => {
  const [first, ...rest] = pagesOf(12, 5);
  const answers = [reply({ entries: logLines(9, 12) }), first ?? silence, silence, ...rest];
  const { follower, kind, seqs, pass } = aSource([...answers, reply({ lastSeq: 12, ended: true })], true);
  await pass(0);
  follower.fromStart();
  await pass(0);
  expect(kind()).toBe('stale');
  await pass(POLL_MS);
  expect(kind()).toBe('ended');
  expect(seqs()).toEqual(logLines(1, 12).map(({ seq }) => seq));
});

test('from the first lines there is a way back to the last', async () => {
  const answers = [reply({ entries: logLines(1, 3), newestSeq: 12 }), reply({ entries: logLines(9, 12) })];
  const { follower, asked, seqs, pass } = aSource(answers, true);
  await pass(0);
  follower.toEnd();
  await pass(0);
  expect(seqs()).toEqual([9, 10, 11, 12]);
  expect(asked.at(-1)).toEqual({ tail: 1000 });
  expect(follower.snapshot().from).toBe('end');
});
