import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutByFound, findRows } from './find.ts';
import { appendEntries, emptyLog, rowsOf } from './log-buffer.ts';

const rows = (...texts: string[]) => {
  const entries = texts.map((text, index) => ({
    seq: index + 1,
    stream: 'stdout' as const,
    at: '2026-01-01T00:00:00Z',
    text,
    partial: false,
  }));
  return rowsOf(appendEntries(emptyLog, entries).entries, [], 0);
};

test('rows are found by what is read, not by their colours', () => {
  expect(findRows(rows('ok', '\x1b[31mEr\x1b[1mror\x1b[0m 3', 'no error'), 'error')).toEqual([1, 2]);
  expect(findRows(rows('31'), '\x1b[31m')).toEqual([]);
  expect(findRows(rows('ok'), '')).toEqual([]);
});

test('the parts of a text make the text, and every second one is what was looked for', () => {
  expect(cutByFound('Error: an error', 'error')).toEqual(['', 'Error', ': an ', 'error', '']);
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 2 }), (text, wanted) => {
      const parts = cutByFound(text, wanted);
      expect(parts.join('')).toBe(text);
      const found = parts.filter((_, index) => index % 2 === 1);
      expect(found.every((part) => part.toLowerCase() === wanted.toLowerCase())).toBe(true);
    }),
  );
});
