import fc from 'fast-check';
import type { Random } from '@hostmesh/soak/random';

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: [inner] }), null);

const texts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\u202Etxt.exe',
  '\uD800',
  '\x1B]0;title\x07',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "'; DROP TABLE tokens; --",
  '%00',
  '%',
  '${7*7}',
  '<script>alert(1)</script>',
  '9'.repeat(400),
  'x'.repeat(70_000),
  '1e999',
  '-0',
  'NaN',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '99999999999999d',
  'tcp:127.0.0.1:0',
  'tcp:n[1-999999999]:80',
  'tcp:[::1%25lo]:1',
  '0..4294967295',
];
const numbers = [0, -0, -1, 0.5, 1e308, 2 ** 31, 2 ** 53, -(2 ** 53), 4_294_967_296];

/** What nobody sends who means well: texts, numbers, shapes. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...texts),
  fc.constantFrom<unknown>(...numbers),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    true,
    [],
    {},
    nested(20),
    nested(2000),
    Array.from({ length: 3000 }, () => 1),
  ),
);

/** So many of them, the same for the same seed: what one run draws from. */
export const hostileValues = (seed: number, count: number): unknown[] =>
  fc.sample(hostile, { seed, numRuns: count });

/** One of them as text. */
export function hostileText(values: readonly unknown[], random: Random): string {
  const value = random.pick(values);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** A copy of a JSON value in which one place is replaced, left out or added to. */
export function spoil(value: unknown, random: Random, hostileValue: unknown): unknown {
  if (!isTree(value) || random.chance(15)) return hostileValue;
  const copy: Tree = Array.isArray(value) ? Object.assign([], value) : { ...value };
  const key = random.pick(Object.keys(copy));
  if (key === undefined || random.chance(10)) {
    // As a field of its own, not as what it inherits from.
    Object.defineProperty(copy, random.pick(['colour', '__proto__', '', 'id', '0']) ?? '', {
      value: hostileValue,
      enumerable: true,
      configurable: true,
    });
  } else if (random.chance(20)) delete copy[key];
  else copy[key] = spoil(copy[key], random, hostileValue);
  return copy;
}
