import { fail, ok, type Fault, type Result } from '../fault.ts';

/** The longest duration that there is: a year. What is read, sent or stored anywhere keeps to it. */
export const MAX_DURATION_MS = 365 * 86_400_000;

/** What a duration may be, both ends included. */
export interface DurationRange {
  /** 0 when absent. */
  readonly minMs?: number;
  /** `MAX_DURATION_MS` when absent. */
  readonly maxMs?: number;
}

/** Largest first, with every spelling that is accepted; the first one is printed. */
const units: readonly { readonly ms: number; readonly names: readonly string[] }[] = [
  { ms: 86_400_000, names: ['d', 'day', 'days'] },
  { ms: 3_600_000, names: ['h', 'hr', 'hrs', 'hour', 'hours'] },
  { ms: 60_000, names: ['m', 'min', 'mins', 'minute', 'minutes'] },
  { ms: 1_000, names: ['s', 'sec', 'secs', 'second', 'seconds'] },
  { ms: 1, names: ['ms', 'msec', 'msecs', 'millisecond', 'milliseconds'] },
];
const msOfUnit = new Map(units.flatMap(({ ms, names }) => names.map((name) => [name, ms] as const)));

/**
 * Reads a duration (reference 7.2) such as `30s`, `1m 39s` or `500ms` into whole milliseconds; parts are summed.
 * Fractions and units below a millisecond are refused rather than rounded, and so is what is out of range.
 */
export function parseDuration(
  text: string,
  { minMs = 0, maxMs = MAX_DURATION_MS }: DurationRange = {},
): Result<number, Fault<'invalid_duration'>> {
  const invalid = (why: string) =>
    fail({ code: 'invalid_duration' as const, message: `invalid duration '${shortened(text)}': ${why}` });
  if (!/^\s*(?:\d+\s*[a-z]+\s*)+$/.test(text))
    return invalid('write a number and a unit, for example 30s or 1m 30s');
  let totalMs = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const unitMs = msOfUnit.get(unit);
    if (unitMs === undefined) return invalid(`unknown unit '${unit}', use d, h, m, s or ms`);
    totalMs += Number(count) * unitMs;
  }
  if (totalMs >= minMs && totalMs <= maxMs) return ok(totalMs);
  return invalid(`it must be from ${printDuration(minMs)} to ${printDuration(maxMs)}`);
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Prints whole milliseconds, not negative, with the largest unit first: `1m 39s`, `500ms`, `0s`. */
export function printDuration(ms: number): string {
  let restMs = ms;
  const parts: string[] = [];
  for (const unit of units) {
    const count = Math.floor(restMs / unit.ms);
    restMs %= unit.ms;
    if (count > 0) parts.push(`${count}${unit.names[0]}`);
  }
  return parts.join(' ') || '0s';
}
