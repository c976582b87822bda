import { readRewrite } from './line-rewrite.ts';

/** A line of output, or a piece of a long one: then `partial`, and the next one of its stream goes on. */
export interface OutputLine {
  readonly text: string;
  readonly partial: boolean;
}

/** Longest piece of a line, in bytes. */
export const MAX_LINE_BYTES = 8192;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ESCAPE = 0x1b;

/**
 * Cuts a stream of bytes into lines, whatever is in it: endless lines come in pieces that break no character, what is
 * not UTF-8 becomes U+FFFD, and so does NUL, which databases refuse. A line that is rewritten is what it was rewritten to
 * last, however often that was. Keeps little more than one piece, which is the end of the bytes so far: whoever begins
 * anew with that end has the same lines.
 */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);
  /** The line has pieces that are told already: what rewrites it is told with its sign. */
  #isCut = false;

  /** Bytes that are no line yet. */
  get pending(): Buffer {
    return this.#rest;
  }

  /** What the line that has not ended looks like now; empty when there is none. */
  get pendingText(): string {
    const whole = this.#rest.subarray(0, wholeCharacters(this.#rest));
    return withoutOpenSign(decode(whole, 0, whole.length));
  }

  push(chunk: Buffer): OutputLine[] {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const signs = [NEWLINE, CARRIAGE_RETURN, ESCAPE].map((byte) => finder(data, byte));
    const lines: OutputLine[] = [];
    let start = 0;
    for (let at = 0; ;) {
      const sign = signs.reduce((nearest, find) => Math.min(nearest, find(at)), data.length);
      if (sign - start > MAX_LINE_BYTES) {
        const cut = cutAt(data, start, start + MAX_LINE_BYTES);
        lines.push({ text: decode(data, start, cut), partial: true });
        this.#isCut = true;
        start = at = cut;
        continue;
      }
      if (sign === data.length) break;
      const { kind, end } =
        data[sign] === NEWLINE ? { kind: 'newline' as const, end: sign + 1 } : readRewrite(data, sign);
      if (kind === 'undecided') break;
      at = end;
      if (kind === 'restart') start = this.#isCut ? sign : end;
      if (kind !== 'newline') continue;
      lines.push({ text: decode(data, start, sign), partial: false });
      this.#isCut = false;
      start = end;
    }
    // A copy, which does not keep the chunk in memory.
    this.#rest = Buffer.from(data.subarray(start));
    return lines;
  }

  /** What is left when the stream ends without an end of line. */
  end(): OutputLine[] {
    const text = withoutOpenSign(decode(this.#rest, 0, this.#rest.length));
    this.#rest = Buffer.alloc(0);
    return text === '' ? [] : [{ text, partial: false }];
  }
}

/** Finds a byte at or after places that only grow, and looks at no byte twice. */
function finder(data: Buffer, byte: number): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found < from) found = data.indexOf(byte, from);
    if (found === -1) found = data.length;
    return found;
  };
}

/** The last place at or before `end` where a character begins; a character has at most four bytes. */
function cutAt(data: Buffer, start: number, end: number): number {
  for (let at = end; at > end - 4 && at > start; at -= 1) {
    // 10xxxxxx is the inside of a character.
    if (((data[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return end;
}

/** How many bytes there are without a last character of which some are still to come. */
function wholeCharacters(data: Buffer): number {
  const start = cutAt(data, 0, data.length - 1);
  const first = data[start] ?? 0;
  const bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return start + bytes > data.length ? start : data.length;
}

// eslint-disable-next-line no-control-regex -- control characters are what this looks for
const openSign = /(?:\r|\x1b\[[01]?G)+$|\x1b(?:\[[\d;]{0,40})?$/;
/** Without a sign at the end whose meaning depends on what comes, or which has none without that. */
const withoutOpenSign = (text: string): string => text.replace(openSign, '');

function decode(data: Buffer, start: number, end: number): string {
  const text = data.toString('utf8', start, end).replaceAll('\0', '\uFFFD');
  return text.includes('\b') ? typeOver(text) : text;
}

/** A backspace goes back by one character, which what follows takes the place of. */
function typeOver(text: string): string {
  const shown: string[] = [];
  let place = 0;
  for (const character of text) {
    if (character === '\b') place = Math.max(0, place - 1);
    else shown[place++] = character;
  }
  return shown.join('');
}
