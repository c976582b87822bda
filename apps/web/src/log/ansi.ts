import { shownText } from '@hostmesh/core';

/** Colours that a program can ask for; the page maps each to a token that is readable in both themes. */
const ansiColours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
type AnsiColour = (typeof ansiColours)[number];

/** How a stretch of text is to look. */
export interface AnsiStyle {
  readonly colour: AnsiColour | null;
  readonly ground: AnsiColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

/** A stretch of plain text and its look; never markup. */
export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
}

export const plainStyle: AnsiStyle = {
  colour: null,
  ground: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

/**
 * Everything that is not text: CSI sequences; OSC, DCS and the like up to their end, or to the end of a line that
 * was cut; other escapes; control characters but the tab.
 */
const pattern =
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  /(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)|\x1b[ -/]*[0-~]?|[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;

/** Whether there is anything to take out of a text; most lines have nothing. */
// eslint-disable-next-line no-control-regex -- control characters are what this looks for
const needsReading = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/;

/**
 * Reads a line of output into stretches of plain text. Colours and weights are kept; whatever else a terminal would
 * do (move, erase, set titles, open links) is left out, and what nobody would see is shown. A carriage return starts the line over, as progress bars want.
 */
export function readAnsi(line: string): readonly AnsiSpan[] {
  if (!needsReading.test(line)) return line === '' ? [] : [{ text: shownText(line), style: plainStyle }];
  const spans: AnsiSpan[] = [];
  let style = plainStyle;
  let from = 0;
  const take = (end: number) => {
    if (end > from) spans.push({ text: shownText(line.slice(from, end)), style });
  };
  for (const match of line.matchAll(pattern)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = stepStyle(style, match[1] ?? '');
    // One at the very end belongs to the line's end.
    else if (match[0] === '\r' && from < line.length) spans.length = 0;
  }
  take(line.length);
  return spans;
}

/** The text of a line alone: what is searched and copied. */
export const textOfAnsi = (line: string): string =>
  needsReading.test(line)
    ? readAnsi(line)
        .map(({ text }) => text)
        .join('')
    : shownText(line);

/** The style after `ESC [ parameters m`. */
function stepStyle(before: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, length] = extendedColour(codes.slice(at + 1));
      style = { ...style, [code === 38 ? 'colour' : 'ground']: colour };
      at += length;
    } else style = stepCode(style, code);
  }
  return style;
}

function stepCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code === 0) return plainStyle;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4 || code === 21) return { ...style, underline: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 27) return { ...style, inverse: false };
  if (code === 39) return { ...style, colour: null };
  if (code === 49) return { ...style, ground: null };
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))
    return { ...style, colour: ansiColours[code % 10] ?? null };
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107))
    return { ...style, ground: ansiColours[code % 10] ?? null };
  return style;
}

/** `5;n` or `2;r;g;b` as the nearest of ours, and how many numbers that took. */
function extendedColour(codes: readonly number[]): readonly [AnsiColour | null, number] {
  const [mode, a = 0, b = 0, c = 0] = codes;
  if (mode === 2) return [nearest(a, b, c), 4];
  if (mode !== 5) return [null, 1];
  if (a < 16) return [ansiColours[a % 8] ?? null, 2];
  if (a >= 232) {
    const grey = 8 + (a - 232) * 10;
    return [nearest(grey, grey, grey), 2];
  }
  const cube = a - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  return [nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), 2];
}

/** Each channel is on or off by whether it is near the strongest one; that gives the eight colours. */
function nearest(red: number, green: number, blue: number): AnsiColour | null {
  const strongest = Math.max(red, green, blue);
  if (strongest < 64) return 'black';
  const bit = (value: number) => (value > strongest * 0.6 ? 1 : 0);
  return ansiColours[bit(red) + 2 * bit(green) + 4 * bit(blue)] ?? null;
}
