import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shownJson, shownLine, shownText, unseenIn, unseenInLines } from './shown-text.ts';

test.each([
  ['NUL', '\0', 'U+0000'],
  ['an escape', '\x1B[31m', 'U+001B'],
  ['an escape in one byte', '\x9B31m', 'U+009B'],
  ['a link of a terminal', '\x1B]8;;http://evil\x07', 'U+001B'],
  ['a turn to the left', '\u202Egnp.exe', 'U+202E'],
  ['an isolate', '\u2067x', 'U+2067'],
  ['a mark of direction', '\u200F', 'U+200F'],
  ['a line separator', '\u2028', 'U+2028'],
  ['half a pair', '\uD800', 'U+D800'],
  ['a space without width', 'a\u200Bb', 'U+200B'],
  ['a byte order mark', '\uFEFF=1', 'U+FEFF'],
  ['a tag', '\u{E0041}', 'U+E0041'],
])('%s is shown, and named', (_, text, name) => {
  expect(shownLine(text)).toContain('\uFFFD');
  expect(shownText(text)).toContain('\uFFFD');
  expect(unseenIn(text)).toBe(name);
  expect(unseenInLines(text)).toBe(name);
});

test.each(['ü', '日本', 'می\u200Cخواهم', '👩\u200D🚀', '–', '\u00A0', '<b>'])('%s stays as it is', (text) => {
  expect(shownLine(text)).toBe(text);
  expect(unseenIn(text)).toBeUndefined();
});

test('tabs and lines stay in text, and are shown in a line', () => {
  expect(shownText('a\tb\r\nc')).toBe('a\tb\r\nc');
  expect(unseenInLines('a\tb\r\nc')).toBeUndefined();
  expect(shownLine('a\tb\n')).toBe('a\uFFFDb\uFFFD');
});

test('what is shown has nothing unseen in it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unseenIn(shownLine(text)) === undefined));
});

test('JSON for scripts means the same, and has nothing unseen in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = shownJson({ text }, 0);
      expect(JSON.parse(json)).toEqual({ text });
      expect(unseenIn(json)).toBeUndefined();
    }),
  );
});
