/**
 * What a sign within a line does to it, and where it ends.
 * - `nothing`: it belongs to the text
 * - `restart`: what was written of the line is gone, and it is written anew
 * - `newline`: the line has ended, after returns that rewrote nothing
 * - `undecided`: that depends on bytes that have not arrived
 */
export interface LineRewrite {
  readonly kind: 'nothing' | 'restart' | 'newline' | 'undecided';
  readonly end: number;
}

/** So many bytes of returns in a row may belong to an end of line. */
const MAX_RETURN_BYTES = 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ESCAPE = 0x1b;
/** `ESC [ 2 K` erases the line, `ESC [ G` returns to its start. */
const LONGEST_SEQUENCE = 4;
const erasing = ['\x1b[1K', '\x1b[2K'];
const returning = ['\x1b[G', '\x1b[0G', '\x1b[1G'];
const sequences = [...erasing, ...returning];

/** Reads the return or the escape that is at a place: progress bars rewrite their line with them, again and again. */
export function readRewrite(data: Buffer, at: number): LineRewrite {
  if (data[at] === ESCAPE) {
    const sequence = sequenceAt(data, at);
    if (sequence === 'undecided') return { kind: 'undecided', end: at };
    if (erasing.includes(sequence)) return { kind: 'restart', end: at + sequence.length };
    if (!returning.includes(sequence)) return { kind: 'nothing', end: at + 1 };
  }
  return readReturns(data, at);
}

/** A return before the end of a line is part of that, before anything else it starts the line over. */
function readReturns(data: Buffer, start: number): LineRewrite {
  let at = start;
  while (at < data.length && at - start < MAX_RETURN_BYTES) {
    const length = returnAt(data, at);
    if (length === 'undecided') return { kind: 'undecided', end: start };
    if (length === 0)
      return data[at] === NEWLINE ? { kind: 'newline', end: at + 1 } : { kind: 'restart', end: at };
    at += length;
  }
  return at < data.length ? { kind: 'restart', end: at } : { kind: 'undecided', end: start };
}

/** How long the return is that is there; 0 when there is none. */
function returnAt(data: Buffer, at: number): number | 'undecided' {
  if (data[at] === CARRIAGE_RETURN) return 1;
  if (data[at] !== ESCAPE) return 0;
  const sequence = sequenceAt(data, at);
  if (sequence === 'undecided') return sequence;
  return returning.includes(sequence) ? sequence.length : 0;
}

/** The sequence of ours that begins there, else an empty one. */
function sequenceAt(data: Buffer, at: number): string {
  const text = data.toString('latin1', at, at + LONGEST_SEQUENCE);
  const whole = sequences.find((sequence) => text.startsWith(sequence));
  if (whole !== undefined) return whole;
  const isBegun = at + text.length === data.length && sequences.some((sequence) => sequence.startsWith(text));
  return isBegun ? 'undecided' : '';
}
