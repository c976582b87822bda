import { MAX_DURATION_MS, parseDuration, printDuration, type DurationRange } from '../text/duration.ts';
import { codecOf, type ConfigCodec } from './codec.ts';

const durationMs = (text: string, range?: DurationRange): number | undefined => {
  const parsed = parseDuration(text, range);
  return parsed.ok ? parsed.value : undefined;
};

/** `0`, `1`, `true`, `false` in any case; printed `1` or `0`. */
export const bool: ConfigCodec<boolean> = codecOf(
  'bool',
  '0, 1, true or false',
  (text) => {
    if (/^(1|true)$/i.test(text)) return true;
    return /^(0|false)$/i.test(text) ? false : undefined;
  },
  (value) => (value ? '1' : '0'),
);

const upTo = (minMs: number): string => `from ${printDuration(minMs)} to ${printDuration(MAX_DURATION_MS)}`;
const durationFrom = (minMs: number): ConfigCodec<number> =>
  codecOf(
    'duration',
    `a duration ${upTo(minMs)}, such as 30s or 1m 39s`,
    (text) => durationMs(text, { minMs }),
    printDuration,
  );

/** A duration in milliseconds, written as `1m 39s`. */
export const duration: ConfigCodec<number> = durationFrom(0);

/** A duration that must not be nothing: a deadline, or the pause between two looks. */
export const positiveDuration: ConfigCodec<number> = durationFrom(1);

/** A duration in milliseconds, or `null` written as the empty text. */
export const optionalDuration: ConfigCodec<number | null> = codecOf(
  'optional duration',
  `a duration ${upTo(0)}, such as 30s, or nothing`,
  (text) => (text === '' ? null : durationMs(text)),
  (value) => (value === null ? '' : printDuration(value)),
);

const decimal = (min: number, max: number) => (text: string) => {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
};

/** A whole number from 0 to `max`. */
export const integer = (max: number = Number.MAX_SAFE_INTEGER): ConfigCodec<number> =>
  codecOf('integer', `a whole number from 0 to ${String(max)}`, decimal(0, max), (value) => String(value));

/** A whole number from 1 to `max`. */
export const nonZeroInteger = (max: number = Number.MAX_SAFE_INTEGER): ConfigCodec<number> =>
  codecOf('non-zero integer', `a whole number from 1 to ${String(max)}`, decimal(1, max), (value) =>
    String(value),
  );

/** A finite number. */
export const float: ConfigCodec<number> = codecOf(
  'float',
  'a decimal number',
  (text) => {
    const value = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
    // + 0 makes -0 a plain 0, which is how it prints.
    return Number.isFinite(value) ? value + 0 : undefined;
  },
  (value) => String(value),
);

/** Any text. */
export const string: ConfigCodec<string> = codecOf(
  'string',
  'a text',
  (text) => text,
  (value) => value,
);

/** One of a few words. The reference takes an unknown word for its default; we refuse it (Reference 14.6). */
export const choice = <const Word extends string>(...words: readonly Word[]): ConfigCodec<Word> =>
  codecOf(
    'choice',
    `one of: ${words.map((word) => word || '(empty)').join(', ')}`,
    (text) => words.find((word) => word === text),
    (value) => value,
  );
