import { fail, ok, type Fault, type Result } from '../fault.ts';
import { hintOfRange } from './foreign-syntax.ts';

/** From `first` to `last`, which may be included, every `step`-th, each printed with at least `width` digits. */
interface NumberRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly width: number;
}

/** An entry with its ranges found but not expanded: texts and number ranges that alternate. */
export interface HostPattern {
  readonly segments: readonly (string | readonly NumberRange[])[];
  /** How many hosts it stands for; a range can be far too large to expand. */
  readonly count: bigint;
}

type RangeFault = Fault<'invalid_range'>;
const invalid = (message: string) => fail<RangeFault>({ code: 'invalid_range', message });

/** Keeps numbers exact. */
const MAX_DIGITS = 15;

function parseNumberRange(text: string): Result<NumberRange, RangeFault> {
  const [, from, to = from, step = '1'] = /^\s*(\d+)(?:\s*-\s*(\d+)(?:\s*\/\s*(\d+))?)?\s*$/.exec(text) ?? [];
  if (from === undefined || to === undefined) {
    const form = hintOfRange(text) ?? 'write numbers in the brackets, for example [001-128,200]';
    return invalid(`'${text.trim()}' is no range: ${form}`);
  }
  if (/^0+$/.test(step)) return invalid(`the step of '${text.trim()}' must be at least 1`);
  if (from.length > MAX_DIGITS || to.length > MAX_DIGITS || step.length > MAX_DIGITS)
    return invalid(`the numbers of '${text}' are too long`);
  const padded = (number: string) => number.length > 1 && number.startsWith('0');
  if (padded(to) && to.length !== from.length) {
    return invalid(`the ends of '${text}' are padded differently: write both with ${to.length} digits`);
  }
  const range = {
    first: Number(from),
    last: Number(to),
    step: Number(step),
    width: padded(from) ? from.length : 0,
  };
  return range.first <= range.last
    ? ok(range)
    : invalid(`the range '${text}' runs backwards: write ${to}-${from}`);
}

const sizeOf = ({ first, last, step }: NumberRange): number => Math.floor((last - first) / step) + 1;

/** Finds the bracketed ranges of an entry. Brackets that hold an IPv6 address are none. */
export function parsePattern(text: string): Result<HostPattern, RangeFault> {
  const segments: (string | NumberRange[])[] = [];
  let count = 1n;
  // Splitting by a pattern with a group puts what is in brackets at the odd places.
  for (const [index, part] of text.split(/\[([^[\]]*)\]/).entries()) {
    if (index % 2 === 0) {
      if (/[[\]]/.test(part)) return invalid('a bracket has no partner: write ranges like gpu[1-8]');
      segments.push(part);
    } else if (part.includes(':') && hintOfRange(part) === undefined) {
      segments.push(`[${part}]`);
    } else {
      const ranges: NumberRange[] = [];
      for (const piece of part.split(',')) {
        const range = parseNumberRange(piece);
        if (!range.ok) return range;
        ranges.push(range.value);
      }
      segments.push(ranges);
      count *= ranges.reduce((sum, range) => sum + BigInt(sizeOf(range)), 0n);
    }
  }
  return ok({ segments, count });
}

function printNumber(number: number, range: NumberRange): string {
  return String(number).padStart(range.width, '0');
}

function numbersOf(ranges: readonly NumberRange[]): string[] {
  return ranges.flatMap((range) =>
    Array.from({ length: sizeOf(range) }, (_, index) => printNumber(range.first + index * range.step, range)),
  );
}

/** Every host of the pattern, the last bracket varying fastest. Check `count` before. */
export function expandPattern({ segments }: HostPattern): string[] {
  return segments.reduce<string[]>(
    (texts, segment) =>
      typeof segment === 'string'
        ? texts.map((text) => text + segment)
        : texts.flatMap((text) => numbersOf(segment).map((number) => text + number)),
    [''],
  );
}

/** The first host of the pattern, whatever its count. */
export function firstOfPattern({ segments }: HostPattern): string {
  return segments
    .map((segment) =>
      typeof segment === 'string'
        ? segment
        : segment.slice(0, 1).map((range) => printNumber(range.first, range)),
    )
    .flat()
    .join('');
}
