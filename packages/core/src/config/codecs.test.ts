import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigCodec } from './codec.ts';
import {
  bool,
  choice,
  duration,
  float,
  integer,
  nonZeroInteger,
  optionalDuration,
  string,
} from './scalar-codecs.ts';
import { bindSpec, instant, list, pem, range, socketAddress } from './structured-codecs.ts';

const printed = <T>(codec: ConfigCodec<T>, text: string) => {
  const parsed = codec.parse(text);
  return parsed.ok ? codec.print(parsed.value) : parsed.fault.code;
};

const PEM = '-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n';

describe('values of reference 7.2 are accepted and printed as it says', () => {
  test.each<[string, ConfigCodec<unknown>, string, string]>([
    ['bool', bool, '0', '0'],
    ['bool', bool, '1', '1'],
    ['bool', bool, 'TRUE', '1'],
    ['bool', bool, 'False', '0'],
    ['duration', duration, '30s', '30s'],
    ['duration', duration, '60s', '1m'],
    ['duration', duration, '1m 39s', '1m 39s'],
    ['duration', duration, '500ms', '500ms'],
    ['duration', duration, '2h', '2h'],
    ['optional duration', optionalDuration, '', ''],
    ['optional duration', optionalDuration, '60s', '1m'],
    ['integer', integer(), '0', '0'],
    ['integer', integer(), '10737418240', '10737418240'],
    ['integer', integer(), '007', '7'],
    ['non-zero integer', nonZeroInteger(), '16', '16'],
    ['float', float, '0.01', '0.01'],
    ['float', float, '-1.50', '-1.5'],
    ['string', string, ' any text ', ' any text '],
    ['list', list, '[ "a", 1, null ]', '["a",1,null]'],
    ['list', list, '[{"__proto__":1}]', '[{"__proto__":1}]'],
    ['range', range, '8000..9000', '8000..9000'],
    ['range', range, '5..5', '5..5'],
    ['instant', instant, '2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
    ['instant', instant, '2026-01-31T13:00:00.250+01:00', '2026-01-31T12:00:00.250Z'],
    ['socket address', socketAddress, '[::]:1729', '[::]:1729'],
    ['socket address', socketAddress, '127.0.0.1:0', '127.0.0.1:0'],
    ['bind spec', bindSpec, 'unix', 'unix'],
    ['bind spec', bindSpec, 'tcp(Localhost)', 'tcp(Localhost)'],
    ['bind spec', bindSpec, 'tcp:127.0.0.1:80', 'tcp:127.0.0.1:80'],
    ['bind spec', bindSpec, 'tcp://127.0.0.1:9000', 'tcp:127.0.0.1:9000'],
    ['PEM', pem, '/etc/tls.key', '/etc/tls.key'],
    ['PEM', pem, PEM, PEM],
    ['choice', choice('', 'native'), 'native', 'native'],
  ])('%s %#: %s', (_type, codec, text, expected) => {
    expect(printed(codec, text)).toBe(expected);
  });
});

describe('what is no value of its type is refused', () => {
  test.each<[string, ConfigCodec<unknown>, string[]]>([
    ['bool', bool, ['', '2', 'yes', 'true ', '10']],
    ['duration', duration, ['', '30', 'soon', '1m 39', '-1s']],
    ['optional duration', optionalDuration, ['none', '30']],
    ['integer', integer(255), ['', '-1', '256', '1.5', '0x10', '1e2', '99999999999999999999']],
    ['non-zero integer', nonZeroInteger(), ['0', '00', '-1']],
    ['float', float, ['', 'NaN', 'inf', '1e999', '.', '1,5']],
    ['list', list, ['', '{}', '1', '[1', '"a"']],
    ['range', range, ['9..8', '1..', '..2', '1...2', 'a..b', '1..99999999999999999999']],
    ['instant', instant, ['', 'yesterday', '2026-01-31', '2026-01-31T12:00:00', '2026-02-30T12:00:00Z']],
    [
      'socket address',
      socketAddress,
      ['::1:80', 'host:80', '127.0.0.1', '127.0.0.1:65536', '[::1]', '[1.2.3.4]:1'],
    ],
    ['bind spec', bindSpec, ['', 'tcp(Elsewhere)', 'carrier-pigeon', 'xxx:foo']],
    ['PEM', pem, ['']],
    ['choice', choice('', 'native'), ['Native', 'systemd']],
  ])('%s', (_type, codec, texts) => {
    expect(texts.map((text) => printed(codec, text))).toEqual(texts.map(() => 'invalid_value'));
  });
});

test('a refusal says what is expected and never repeats the text', () => {
  const parsed = integer(255).parse('hunter2');
  expect(parsed).toEqual({
    ok: false,
    fault: { code: 'invalid_value', message: 'expected a whole number from 0 to 255' },
  });
});

describe('a printed value parses back to itself', () => {
  const durationMs = fc.integer({ min: 0, max: 10 * 24 * 3_600_000 });
  const port = fc.integer({ min: 0, max: 65_535 });
  const cases: [string, ConfigCodec<unknown>, fc.Arbitrary<unknown>][] = [
    ['bool', bool, fc.boolean()],
    ['duration', duration, durationMs],
    ['optional duration', optionalDuration, fc.option(durationMs)],
    ['integer', integer(), fc.maxSafeNat()],
    ['non-zero integer', nonZeroInteger(255), fc.integer({ min: 1, max: 255 })],
    ['float', float, fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
    ['string', string, fc.string({ unit: 'binary' })],
    ['list', list, fc.array(fc.jsonValue()).map((value): unknown => JSON.parse(JSON.stringify(value)))],
    ['range', range, fc.tuple(fc.nat(), fc.nat()).map(([start, size]) => ({ start, end: start + size }))],
    [
      'instant',
      instant,
      fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }).map(Number),
    ],
    ['socket address', socketAddress, fc.tuple(fc.ipV4(), port).map(([ip, p]) => `${ip}:${String(p)}`)],
    ['socket address', socketAddress, fc.tuple(fc.ipV6(), port).map(([ip, p]) => `[${ip}]:${String(p)}`)],
    [
      'bind spec',
      bindSpec,
      fc.constantFrom('unix', 'tcp', 'tcp(Localhost)', 'local', { kind: 'local', id: 7n }),
    ],
    ['PEM', pem, fc.constantFrom({ kind: 'inline', text: PEM }, { kind: 'path', text: '/etc/tls.key' })],
  ];
  test.each(cases)('%s %#', (_type, codec, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.parse(codec.print(value))).toEqual({ ok: true, value });
      }),
    );
  });
});

test('no text makes a codec throw, and what it accepts it prints canonically', () => {
  const codecs = [
    bool,
    duration,
    optionalDuration,
    integer(),
    nonZeroInteger(),
    float,
    list,
    range,
    instant,
  ] as const;
  const anyCodec = fc.constantFrom<ConfigCodec<unknown>[]>(...codecs, socketAddress, bindSpec, pem);
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.smh[\]: "TZ-]{0,12}$/));
  fc.assert(
    fc.property(anyCodec, text, (codec, given) => {
      const once = printed(codec, given);
      if (once !== 'invalid_value') expect(printed(codec, once)).toBe(once);
    }),
  );
});
