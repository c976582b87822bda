import type { LogEvent, ProcLogs } from '@hostmesh/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LINES } from './log-buffer.ts';
import {
  stepLogFollow,
  unreadLog,
  type LogFollow,
  type LogFollowCommand,
  type LogFollowEvent,
} from './step-log-follow.ts';
import { logLines, logReply, noAnswer } from './testing/log-lines.ts';

const answer = (given: Partial<ProcLogs>): LogFollowEvent => ({ kind: 'answered', reply: logReply(given) });
const unanswered: LogFollowEvent = { kind: 'unanswered', fault: noAnswer, isTransient: true };
const told = (event: LogEvent): LogFollowEvent => ({ kind: 'told', event });
const streamLive: LogFollowEvent = { kind: 'stream_changed', isLive: true };

/** The log after some events, each a second after the one before, and what the last of them commands. */
function after(...events: readonly LogFollowEvent[]) {
  let log = unreadLog;
  let commands: readonly LogFollowCommand[] = [];
  for (const [index, event] of events.entries()) [log, commands] = stepLogFollow(log, event, index * 1000);
  return {
    log,
    commands,
    follow: log.snapshot.follow,
    seqs: log.snapshot.shown.entries.map(({ seq }) => seq),
  };
}
/** Three lines are there, and the stream is live. */
const live = [{ kind: 'opened' }, answer({ entries: logLines(1, 3) }), streamLive] as const;

describe('a log that is opened', () => {
  test('asks for its last lines, then streams what comes after them', () => {
    expect(after({ kind: 'opened' }).commands).toEqual([{ kind: 'read', query: { tail: 1000 } }]);
    const { commands, follow } = after({ kind: 'opened' }, answer({ entries: logLines(1, 3) }));
    expect(commands).toEqual([{ kind: 'stream', after: 3 }, { kind: 'wait' }]);
    expect(follow.kind).toBe('polling');
    expect(after(...live).follow.kind).toBe('live');
  });

  test('asks again until it has first lines, and is stale since the first time nobody answered', () => {
    const { commands, follow } = after({ kind: 'opened' }, unanswered, { kind: 'waited' }, unanswered);
    expect(follow).toEqual({ kind: 'stale', since: 1000, reason: 'no answer' });
    expect(commands).toEqual([{ kind: 'wait' }]);
    expect(after({ kind: 'opened' }, unanswered, { kind: 'waited' }).commands).toEqual([
      { kind: 'read', query: { tail: 1000 } },
    ]);
  });

  test('that had lines before goes on after them, by the stream even if nobody answers', () => {
    const again = [...live, { kind: 'left' }, { kind: 'opened' }] as const;
    expect(after(...again).commands).toEqual([{ kind: 'read', query: { after: 3 } }]);
    expect(after(...again, unanswered).commands).toEqual([{ kind: 'stream', after: 3 }, { kind: 'wait' }]);
  });

  test('that has all ended asks for nothing more', () => {
    const { commands, follow, seqs } = after(
      { kind: 'opened' },
      answer({ entries: logLines(1, 3), ended: true }),
    );
    expect([follow.kind, commands]).toEqual(['ended', [{ kind: 'close' }]]);
    expect(seqs).toEqual([1, 2, 3]);
  });

  test('that has ended further on than was answered is read to its end', () => {
    const { follow } = after(
      { kind: 'opened' },
      answer({ entries: logLines(1, 3), lastSeq: 9, ended: true }),
    );
    expect(follow.kind).toBe('polling');
  });

  test('that cannot be read says why, and asks for nothing more', () => {
    const refused: LogFollowEvent = { kind: 'unanswered', fault: noAnswer, isTransient: false };
    const { commands, follow } = after({ kind: 'opened' }, refused);
    expect([follow, commands]).toEqual([{ kind: 'failed', fault: noAnswer }, [{ kind: 'close' }]]);
  });
});

describe('while its stream is live', () => {
  test('nothing is asked for; while it is down, what comes after the last line is', () => {
    expect(after(...live, { kind: 'waited' }).commands).toEqual([{ kind: 'wait' }]);
    const down: LogFollowEvent = { kind: 'stream_changed', isLive: false };
    expect(after(...live, down).follow.kind).toBe('polling');
    expect(after(...live, down, { kind: 'waited' }).commands).toEqual([
      { kind: 'read', query: { after: 3 } },
    ]);
  });

  test('an answer that is late, or fails, does not make it look worse', () => {
    for (const late of [answer({ entries: logLines(2, 4) }), unanswered])
      expect(after(...live, late).follow.kind).toBe('live');
  });

  test('a line after a quiet time is shown at once, those that follow at most four times a second', () => {
    const entries = (seq: number) => told({ type: 'entries', entries: logLines(seq, seq), open: [] });
    const [first, commands] = stepLogFollow(after(...live).log, entries(4), 10_000);
    expect(commands).toEqual([{ kind: 'paint', inMs: 0 }]);
    const [painted] = stepLogFollow(first, { kind: 'paint_due' }, 10_001);
    expect(painted.snapshot.shown.lastSeq).toBe(4);
    const [second, next] = stepLogFollow(painted, entries(5), 10_101);
    expect(next).toEqual([{ kind: 'paint', inMs: 150 }]);
    expect(stepLogFollow(second, entries(6), 10_200)[1]).toEqual([]);
  });

  test('a clock that is set back delays no line', () => {
    const entries = (seq: number) => told({ type: 'entries', entries: logLines(seq, seq), open: [] });
    const [first] = stepLogFollow(after(...live).log, entries(4), 3_600_000);
    const [painted] = stepLogFollow(first, { kind: 'paint_due' }, 3_600_000);
    expect(stepLogFollow(painted, entries(5), 0)[1]).toEqual([{ kind: 'paint', inMs: 250 }]);
  });

  test('a host that is silent is so since it was first said, until it speaks', () => {
    const silent = told({ type: 'stalled', reason: 'no answer' });
    expect(after(...live, silent, silent).follow).toEqual({
      kind: 'stalled',
      since: 3000,
      reason: 'no answer',
    });
    expect(
      after(...live, silent, told({ type: 'entries', entries: logLines(4, 4), open: [] })).follow.kind,
    ).toBe('live');
  });

  test('its end shows all that was told before', () => {
    const { seqs, commands, follow } = after(
      ...live,
      told({ type: 'entries', entries: logLines(4, 6), open: [] }),
      told({ type: 'ended' }),
    );
    expect([seqs, commands, follow.kind]).toEqual([[1, 2, 3, 4, 5, 6], [{ kind: 'close' }], 'ended']);
  });
});

describe('read from the start', () => {
  const fromStart: LogFollowEvent = { kind: 'wanted', from: 'start' };

  test('begins with nothing, whatever was there, and reads page after page', () => {
    const { commands, follow, seqs } = after(...live, fromStart);
    expect(commands).toEqual([{ kind: 'close' }, { kind: 'read', query: { after: 0 } }]);
    expect([follow, seqs]).toEqual([{ kind: 'reading', readTo: 0, newest: 3 }, []]);
    const page = answer({ entries: logLines(1, 2), newestSeq: 9 });
    expect(after(...live, fromStart, page)).toMatchObject({
      commands: [{ kind: 'read', query: { after: 2 } }],
      follow: { kind: 'reading', readTo: 2, newest: 9 },
    });
  });

  test('is followed from the last line on, when there is room for all', () => {
    const pages = [
      answer({ entries: logLines(1, 2), newestSeq: 4 }),
      answer({ entries: logLines(3, 4), newestSeq: 4 }),
    ];
    expect(after(...live, fromStart, ...pages).commands).toEqual([{ kind: 'read', query: { after: 4 } }]);
    expect(after(...live, fromStart, ...pages, answer({ lastSeq: 4 })).commands).toContainEqual({
      kind: 'stream',
      after: 4,
    });
  });

  test('keeps the first lines when there is no room for all, and asks for nothing more', () => {
    const page = answer({ entries: logLines(1, MAX_LINES + 5), newestSeq: MAX_LINES + 9 });
    const { log, commands, follow } = after(...live, fromStart, page);
    expect(follow).toEqual({ kind: 'head', readTo: MAX_LINES, newest: MAX_LINES + 9 });
    expect(log.snapshot.shown).toMatchObject({ dropped: 0, lastSeq: MAX_LINES });
    expect(commands).toEqual([{ kind: 'close' }]);
    expect(stepLogFollow(log, { kind: 'opened' }, 0)[1]).toEqual([]);
  });

  test('goes on where it was when the page is opened again', () => {
    const page = answer({ entries: logLines(1, 2), newestSeq: 9 });
    const { commands } = after(...live, fromStart, page, { kind: 'left' }, { kind: 'opened' });
    expect(commands).toEqual([{ kind: 'read', query: { after: 2 } }]);
  });
});

/** A stream of lines that goes on from `lastSeq`, or an event of another kind. */
const anyEvent = fc.oneof(
  fc.constantFrom<LogFollowEvent['kind']>('opened', 'left', 'paused', 'resumed', 'waited', 'paint_due'),
  fc.constantFrom<LogFollowEvent>(
    unanswered,
    streamLive,
    { kind: 'stream_changed', isLive: false },
    { kind: 'wanted', from: 'start' },
    { kind: 'wanted', from: 'end' },
    told({ type: 'stalled', reason: '' }),
    told({ type: 'gap', gap: { afterSeq: 4, beforeSeq: 7, reason: '' } }),
  ),
  fc
    .integer({ min: 1, max: 40 })
    .map((first) => answer({ entries: logLines(first, first + 3), newestSeq: 50 })),
  fc
    .integer({ min: 1, max: 40 })
    .map((first) => told({ type: 'entries', entries: logLines(first, first + 1), open: [] })),
);

test('whatever happens in whatever order, lines are shown once and in order, and a pause hides but loses none', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      let log: LogFollow = unreadLog;
      for (const [index, event] of events.entries()) {
        const before = log.snapshot;
        // Every kind that is named alone is an event of its own.
        const whole = typeof event === 'string' ? ({ kind: event } as LogFollowEvent) : event;
        [log] = stepLogFollow(log, whole, index);
        const { shown, held, isPaused } = log.snapshot;
        const seqs = shown.entries.map(({ seq }) => seq);
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
        expect(held).toBe(isPaused ? held : 0);
        if (isPaused && before.isPaused) expect(shown).toBe(before.shown);
        expect(held).toBeGreaterThanOrEqual(0);
      }
      const [resumed] = stepLogFollow(log, { kind: 'resumed' }, 0);
      expect(resumed.snapshot.shown).toBe(resumed.latest);
    }),
  );
});
