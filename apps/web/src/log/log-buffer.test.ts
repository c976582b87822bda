import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendEntries, appendGap, emptyLog, foldEvents, gapText, rowsOf } from './log-buffer.ts';
import { logLines } from './testing/log-lines.ts';

describe('a log', () => {
  test('has every line once and in order, however often stretches of it are told', () => {
    const stretches = fc.array(fc.tuple(fc.nat(50), fc.nat(20)), { maxLength: 20 });
    fc.assert(
      fc.property(stretches, (told) => {
        let reached = 0;
        let buffer = emptyLog;
        for (const [back, count] of told) {
          const first = Math.max(1, reached + 1 - back);
          buffer = appendEntries(buffer, logLines(first, first + count));
          reached = Math.max(reached, first + count);
        }
        expect(buffer.entries.map(({ seq }) => seq)).toEqual(logLines(1, reached).map(({ seq }) => seq));
      }),
    );
  });

  test('stays within bounds and counts what it let go of', () => {
    let buffer = emptyLog;
    for (let seq = 1; seq <= 1000; seq += 10) buffer = appendEntries(buffer, logLines(seq, seq + 9), 100);
    expect(buffer.entries.length).toBeLessThanOrEqual(100);
    expect(buffer.entries.at(-1)?.seq).toBe(1000);
    expect(buffer.dropped + buffer.entries.length).toBe(1000);
  });

  test('that is told nothing new is the same object', () => {
    const buffer = appendEntries(emptyLog, logLines(1, 5));
    expect(appendEntries(buffer, logLines(2, 4))).toBe(buffer);
  });
});

describe('a line that has not ended', () => {
  const open = (text: string) => [{ stream: 'stdout' as const, at: '2026-01-01T00:00:00Z', text }];
  const texts = (buffer: typeof emptyLog) =>
    rowsOf(buffer.entries, buffer.gaps, 0, buffer.open).map((row) =>
      row.kind === 'line' ? row.entry.text : row.kind === 'open' ? row.line.text : 'gap',
    );

  test('is the last row, is rewritten in its place, and becomes a line there', () => {
    const told = (entries: ReturnType<typeof logLines>, line: string) =>
      ({ type: 'entries', entries, open: line === '' ? [] : open(line) }) as const;
    const begun = foldEvents(emptyLog, [told(logLines(1, 1), '10%')]);
    expect(texts(begun)).toEqual(['line 1', '10%']);
    const later = foldEvents(begun, [told([], '20%'), told(logLines(2, 2), '30%')]);
    expect(texts(later)).toEqual(['line 1', 'line 2', '30%']);
    expect(texts(foldEvents(later, [told(logLines(3, 3), '')]))).toEqual(['line 1', 'line 2', 'line 3']);
    expect(foldEvents(later, [told([], '30%')])).toBe(later);
  });
});

describe('a gap', () => {
  const gap = { afterSeq: 2, beforeSeq: 5, reason: 'dropped by the host' };

  test('is shown where it is, once', () => {
    let buffer = appendEntries(emptyLog, logLines(1, 2));
    buffer = appendEntries(appendGap(appendGap(buffer, gap), gap), logLines(5, 6));
    const kinds = rowsOf(buffer.entries, buffer.gaps, 0).map((row) =>
      row.kind === 'line' ? row.entry.seq : 'gap',
    );
    expect(kinds).toEqual([1, 2, 'gap', 5, 6]);
  });

  test('says which lines are missing and why', () => {
    expect(gapText({ afterSeq: 119, beforeSeq: 341, reason: 'the ring was full' })).toBe(
      'lines 120 to 340 are missing: the ring was full',
    );
    expect(gapText({ afterSeq: 4, beforeSeq: 6, reason: 'x' })).toBe('line 5 is missing: x');
    expect(gapText({ afterSeq: 4, beforeSeq: null, reason: 'x' })).toBe('lines from 5 on are missing: x');
  });

  test('of lines that the page let go of itself is not shown', () => {
    expect(rowsOf(logLines(50, 60), [gap], 10).every((row) => row.kind === 'line')).toBe(true);
  });
});
