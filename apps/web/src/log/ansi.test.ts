import { unseenInLines } from '@hostmesh/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainStyle, readAnsi, textOfAnsi } from './ansi.ts';

const ESC = '\x1b';
const styled = (text: string, style: object) => ({ text, style: { ...plainStyle, ...style } });

test('a plain line is one stretch', () => {
  expect(readAnsi('step 3 of 10')).toEqual([styled('step 3 of 10', {})]);
  expect(readAnsi('')).toEqual([]);
});

test('colours and weights begin and end where they say', () => {
  expect(readAnsi(`${ESC}[31merror${ESC}[0m: ${ESC}[1;4mdisk${ESC}[22m full`)).toEqual([
    styled('error', { colour: 'red' }),
    styled(': ', {}),
    styled('disk', { bold: true, underline: true }),
    styled(' full', { underline: true }),
  ]);
  expect(readAnsi(`${ESC}[92;41mok`)).toEqual([styled('ok', { colour: 'green', ground: 'red' })]);
});

test.each([
  ['38;5;196', 'red'],
  ['38;5;46', 'green'],
  ['38;5;12', 'blue'],
  ['38;5;250', 'white'],
  ['38;2;255;170;0', 'yellow'],
  ['38;2;10;10;20', 'black'],
])('%s is shown as %s', (code, colour) => {
  expect(readAnsi(`${ESC}[${code}mx`)[0]?.style.colour).toBe(colour);
});

test('what a terminal would do beyond colour is left out', () => {
  expect(textOfAnsi(`${ESC}]0;title\x07a${ESC}[2K${ESC}[1;1Hb${ESC}(Bc\x00\x08d`)).toBe('abcd');
  expect(textOfAnsi(`${ESC}]8;;https://x.test${ESC}\\link${ESC}]8;;${ESC}\\`)).toBe('link');
});

test('a carriage return starts the line over, one at its end does not', () => {
  expect(textOfAnsi('10%\r50%\r100%')).toBe('100%');
  expect(textOfAnsi('done\r')).toBe('done');
});

test('markup is text like any other', () => {
  expect(readAnsi('<img src=x onerror=alert(1)>')).toEqual([styled('<img src=x onerror=alert(1)>', {})]);
});

test('of any line whatever no control character is left, and text without any is kept whole', () => {
  const line = fc.string({
    unit: fc.oneof(
      fc.constantFrom(ESC, '[', ']', 'm', ';', '3', '\r', '\x07', '\x9b'),
      fc.string({ maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(line, (line) => {
      const text = textOfAnsi(line);
      // eslint-disable-next-line no-control-regex -- control characters are what this looks for
      expect(text).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/);
    }),
  );
  fc.assert(fc.property(fc.stringMatching(/^[ -~]*$/), (line) => textOfAnsi(line) === line));
});

test.each([
  '\u202Egnp',
  '\x1B[31m\u202Egnp\x1B[0m',
  '\u2067\uFEFF\uD800',
  '\x1B]8;;http://evil\x07\u202E\x1B]8;;\x07',
])('what turns text or has no width is shown in %j, coloured or not', (line) => {
  for (const text of [textOfAnsi(line), ...readAnsi(line).map((span) => span.text)]) {
    expect(text).toContain('\uFFFD');
    expect(unseenInLines(text)).toBeUndefined();
  }
});
