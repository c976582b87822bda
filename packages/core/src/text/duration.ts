import { fail, ok, type Fault, type Result } from '../fault.ts';

/** The longest that anybody may be told to wait: a day, as the protocol knows it. Timers end at 24.8 days. */
export const MAX_WAIT_MS = 86_400_000;

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
 * Fractions and units below a millisecond are refused rather than rounded.
 */
export function parseDuration(text: string): Result<number, Fault<'invalid_duration'>> {
  const invalid = (why: string) =>
    fail({ code: 'invalid_duration' as const, message: `invalid duration '${text}': ${why}` });
  if (!/^\s*(?:\d+\s*[a-z]+\s*)+$/.test(text))
    return invalid('write a number and a unit, for example 30s or 1m 30s');
  let totalMs = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const unitMs = msOfUnit.get(unit);
    if (unitMs === undefined) return invalid(`unknown unit '${unit}', use d, h, m, s or ms`);
    totalMs += Number(count) * unitMs;
  }
  return Number.isSafeInteger(totalMs) ? ok(totalMs) : invalid('it is too long');
}

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
