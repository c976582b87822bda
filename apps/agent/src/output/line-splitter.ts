/** A line of output, or a piece of a long one: then `partial`, and the next one of its stream goes on. */
export interface OutputLine {
  readonly text: string;
  readonly partial: boolean;
}

/** Longest piece of a line, in bytes. */
export const MAX_LINE_BYTES = 8192;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of bytes into lines, whatever is in it: endless lines come in pieces that break no character, what is
 * not UTF-8 becomes U+FFFD, and so does NUL, which databases refuse. Keeps less than one piece.
 */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** Bytes that are no line yet. */
  get pendingBytes(): number {
    return this.#rest.length;
  }

  push(chunk: Buffer): OutputLine[] {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: OutputLine[] = [];
    let start = 0;
    for (;;) {
      const newline = data.indexOf(NEWLINE, start);
      const end = newline === -1 ? data.length : newline;
      if (end - start > MAX_LINE_BYTES) {
        const cut = cutAt(data, start, start + MAX_LINE_BYTES);
        lines.push({ text: decode(data, start, cut), partial: true });
        start = cut;
      } else if (newline === -1) {
        break;
      } else {
        const hasReturn = newline > start && data[newline - 1] === CARRIAGE_RETURN;
        lines.push({ text: decode(data, start, hasReturn ? newline - 1 : newline), partial: false });
        start = newline + 1;
      }
    }
    // A copy, which does not keep the chunk in memory.
    this.#rest = Buffer.from(data.subarray(start));
    return lines;
  }

  /** What is left when the stream ends without an end of line. */
  end(): OutputLine[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? [] : [{ text: decode(rest, 0, rest.length), partial: false }];
  }
}

/** The last place at or before `end` where a character begins; a character has at most four bytes. */
function cutAt(data: Buffer, start: number, end: number): number {
  for (let at = end; at > end - 4 && at > start; at -= 1) {
    // 10xxxxxx is the inside of a character.
    if (((data[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return end;
}

const decode = (data: Buffer, start: number, end: number): string =>
  data.toString('utf8', start, end).replaceAll('\0', '\uFFFD');
