import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase58, encodeBase58 } from '../text/base58.ts';
import { compareUids, parseUid, printUid, sameUid, type Uid } from './uid.ts';

const arbitraryU64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const arbitraryLabel = fc.stringMatching(/^[a-z]([a-z0-9_-]{0,10}[a-z0-9])?$/);
const arbitraryUid: fc.Arbitrary<Uid> = fc.oneof(
  fc.record({ kind: fc.constant('singleton' as const), label: arbitraryLabel }),
  fc.record({
    kind: fc.constant('instance' as const),
    number: arbitraryU64,
    label: fc.option(arbitraryLabel),
  }),
);

describe('base 58', () => {
  test.each([
    [0n, '1'],
    [1n, '2'],
    [57n, 'Z'],
    [58n, '21'],
    [0x42n, '29'],
    [0xabc123n, 'ZG3F'],
    [0xabcdefn, 'ZH2a'],
    [0xdef456n, '2hTv9'],
    [0xd5d54d7201103869n, 'BLs6T7ZaDRB'],
    [0x28c8648cdcfb0df6n, '7PDmJtQJB5S'],
    [2n ** 64n - 1n, 'JPwcyDCgEup'],
    [0x100000000n, '7xwQ9h'],
  ])('of %i is %s', (number, text) => {
    expect(encodeBase58(number)).toBe(text);
    expect(decodeBase58(text)).toBe(number);
  });

  test.each(['', '0', 'l', 'I', 'O', 'JPwcyDCgEuq', '2MuAHeDjLCEd', 'a b'])('%j is refused', (text) => {
    expect(decodeBase58(text)).toBeUndefined();
  });

  test('reads back to the same number', () => {
    fc.assert(fc.property(arbitraryU64, (number) => decodeBase58(encodeBase58(number)) === number));
  });
});

describe('text', () => {
  test.each<[string, Uid]>([
    ['service', { kind: 'singleton', label: 'service' }],
    ['<2>', { kind: 'instance', number: 1n, label: null }],
    ['service<2>', { kind: 'instance', number: 1n, label: 'service' }],
  ])('%s is read and printed', (text, uid) => {
    expect(parseUid(text)).toEqual({ ok: true, value: uid });
    expect(printUid(uid)).toBe(text);
  });

  test.each([
    ['<0>', 'invalid base58 uid: 0'],
    ['<2MuAHeDjLCEd>', 'invalid base58 uid: 2MuAHeDjLCEd'],
    ['<>', 'invalid base58 uid: '],
    ['<abc', 'invalid uid syntax: expected ">", found end of input'],
    ['', 'invalid uid syntax: expected "label" or "<", found end of input'],
    ['a<2>b', 'invalid uid syntax: expected end of input, found "b"'],
    ['A<2>', 'invalid label: label must start with a lowercase letter'],
    ['a.b', "invalid label: label contains invalid character '.'"],
  ])('%j is refused', (text, message) => {
    expect(parseUid(text)).toMatchObject({ ok: false, fault: { message } });
  });

  test('printed reads back to the same uid', () => {
    fc.assert(
      fc.property(arbitraryUid, (uid) => {
        expect(parseUid(printUid(uid))).toEqual({ ok: true, value: uid });
      }),
    );
  });

  test('of any kind gives a result', () => {
    const unit = fc.oneof(fc.string(), fc.constantFrom('<', '>', 'a', '2'));
    fc.assert(fc.property(fc.array(unit), (units) => typeof parseUid(units.join('')).ok === 'boolean'));
  });
});

describe('identity', () => {
  const parse = (text: string): Uid => {
    const uid = parseUid(text);
    if (!uid.ok) throw new Error(uid.fault.message);
    return uid.value;
  };

  test.each([
    ['service', 'service', true],
    ['service', 'local', false],
    ['<2>', 'service<12>', true],
    ['alpha<29>', 'beta<29>', true],
    ['<2>', '<3>', false],
    ['service', 'service<2>', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect(sameUid(parse(a), parse(b))).toBe(same);
  });

  test('orders singletons by label before instances by number', () => {
    const order = ['a', 'b', 'zeta<1>', '<2>', 'a<3>'];
    expect(order.map(parse).toReversed().sort(compareUids).map(printUid)).toEqual(order);
  });
});
