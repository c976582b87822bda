import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_DURATION_MS, parseDuration, printDuration } from './duration.ts';

test.each([
  ['30s', 30_000, '30s'],
  ['1m 39s', 99_000, '1m 39s'],
  ['500ms', 500, '500ms'],
  ['2h', 7_200_000, '2h'],
  ['60s', 60_000, '1m'],
  ['0s', 0, '0s'],
  ['0ms', 0, '0s'],
  ['1h1h', 7_200_000, '2h'],
  [' 1 min 30 seconds ', 90_000, '1m 30s'],
  ['90m', 5_400_000, '1h 30m'],
  ['36h', 129_600_000, '1d 12h'],
  ['30s 1ms', 30_001, '30s 1ms'],
  ['50d', 4_320_000_000, '50d'],
  ['365d', MAX_DURATION_MS, '365d'],
])('%j is %i ms and prints %s', (text, ms, printed) => {
  expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  expect(printDuration(ms)).toBe(printed);
});

test.each([
  ['', 'write a number and a unit'],
  ['30', 'write a number and a unit'],
  ['s', 'write a number and a unit'],
  ['-1s', 'write a number and a unit'],
  ['1.5s', 'write a number and a unit'],
  ['1s 30', 'write a number and a unit'],
  ['5us', "unknown unit 'us'"],
  ['1 fortnight', "unknown unit 'fortnight'"],
  ['1e9s', "unknown unit 'e'"],
  ['NaNs', 'write a number and a unit'],
  ['366d', 'from 0s to 365d'],
  ['365d 1ms', 'from 0s to 365d'],
  ['9007199254740992ms', 'from 0s to 365d'],
  [`${'9'.repeat(400)}s`, 'from 0s to 365d'],
])('%j is refused', (text, message) => {
  expect(parseDuration(text)).toMatchObject({
    ok: false,
    fault: { code: 'invalid_duration', message: expect.stringContaining(message) },
  });
});

test('printed durations read back to the same number of milliseconds', () => {
  fc.assert(
    fc.property(fc.nat({ max: MAX_DURATION_MS }), (ms) => {
      expect(parseDuration(printDuration(ms))).toEqual({ ok: true, value: ms });
    }),
  );
});

test('any text gives a result', () => {
  const unit = fc.oneof(fc.string(), fc.constantFrom('1', '9', ' ', 's', 'ms', 'h'));
  fc.assert(fc.property(fc.array(unit), (units) => typeof parseDuration(units.join('')).ok === 'boolean'));
});

test.each([
  ['0s', { minMs: 1 }, 'from 1ms to 365d'],
  ['2h', { maxMs: 3_600_000 }, 'from 0s to 1h'],
])('%j outside of %j is refused with the range', (text, range, message) => {
  const read = parseDuration(text, range);
  expect(!read.ok && read.fault.message).toContain(message);
});
