import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialHalf, sameAddress, tlsKinds, type ChannelAddress, type TcpAddress } from './address.ts';
import { parseAddress } from './parse-address.ts';
import { printAddress, printAddressUrl } from './print-address.ts';

function address(text: string): ChannelAddress {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
}

describe('native form', () => {
  test.each<[string, ChannelAddress]>([
    ['tcp:127.0.0.1:8080', { kind: 'tcp', host: '127.0.0.1', port: 8080 }],
    ['tcp:1.2.3.4:80', { kind: 'tcp', host: '1.2.3.4', port: 80 }],
    ['tcp:[::1]:1234', { kind: 'tcp', host: '::1', port: 1234 }],
    ['tcp:gpu-01.rack_2.example.com:0', { kind: 'tcp', host: 'gpu-01.rack_2.example.com', port: 0 }],
    ['tls:example.com:443', { kind: 'tls', host: 'example.com', port: 443 }],
    ['metatls:[::1]:443', { kind: 'metatls', host: '::1', port: 443 }],
    ['quic:10.0.0.1:1', { kind: 'quic', host: '10.0.0.1', port: 1 }],
    ['metaquic:h:65535', { kind: 'metaquic', host: 'h', port: 65_535 }],
    ['unix:/run/x.sock', { kind: 'unix', path: '/run/x.sock' }],
    ['unix:/run/wow!:@x', { kind: 'unix', path: '/run/wow!:@x' }],
    ['unix:@host-agent', { kind: 'unix-abstract', name: 'host-agent' }],
    ['local:123', { kind: 'local', id: 123n }],
    ['local:18446744073709551615', { kind: 'local', id: 2n ** 64n - 1n }],
  ])('%s is read and printed', (text, expected) => {
    expect(address(text)).toEqual(expected);
    expect(printAddress(expected)).toBe(text);
  });

  test.each([
    ['tcp!127.0.0.1:8080', 'tcp:127.0.0.1:8080'],
    ['tcp:[00cf:0::1]:80', 'tcp:[cf::1]:80'],
    ['metatls:::1:443', 'metatls:[::1]:443'],
    ['tls:[00cf::1]:443', 'tls:[cf::1]:443'],
    ['tcp:h:0080', 'tcp:h:80'],
    ['unix:///run/x', 'unix:/run/x'],
  ])('%s is another way to write %s', (text, printed) => {
    expect(printAddress(address(text))).toBe(printed);
  });

  test.each([
    ['tcp:abcdef..123124', 'invalid_port', 'invalid socket address syntax'],
    ['tcp:abcdef..123124:80', 'invalid_host', 'invalid socket address syntax'],
    ['tcp:10.0.0.256:80', 'invalid_host', 'neither an IP address nor a host name'],
    ['tcp:0x7f000001:80', 'invalid_host', 'neither'],
    ['tcp:host name:80', 'invalid_host', 'neither'],
    ['tcp:*:80', 'invalid_host', 'neither'],
    ['tcp::80', 'invalid_host', 'neither'],
    ['tcp:[::1', 'invalid_host', 'neither'],
    ['tcp:[fe80::1%eth0]:80', 'invalid_host', 'neither'],
    ['tcp:[::1]', 'invalid_port', 'has no port'],
    ['tcp:fe80::1:80', 'invalid_host', 'write an IPv6 address in brackets, [fe80::1]:80'],
    ['tcp:h:65536', 'invalid_port', 'a number up to 65535'],
    ['tcp:h:-1', 'invalid_port', "'-1' is no port"],
    ['tls:example.com:https', 'invalid_port', "'https' is no port"],
    ['local:abc', 'invalid_local_id', 'invalid digit found in string'],
    ['local:18446744073709551616', 'invalid_local_id', 'exceeds 64 bits'],
    ['xxx:foo', 'unknown_channel_type', 'no such channel type: xxx'],
    ['gpu1:26600', 'unknown_channel_type', 'did you mean tcp:gpu1:26600?'],
    ['127.0.0.1', 'no_channel_type', 'no channel type specified'],
    ['', 'no_channel_type', 'no channel type specified'],
    ['alias:dial_to=tcp:1.1.1.1:1;bind_to=tcp:0.0.0.0:1', 'invalid_alias', 'only be parsed in its URL form'],
    ['unix:', 'invalid_unix_path', 'write unix:/path or unix:@name'],
    ['unix:@', 'invalid_unix_path', 'write unix:/path or unix:@name'],
    ['unix:run/x', 'invalid_unix_path', 'must begin with /'],
    ['unix:/a b', 'invalid_unix_path', 'blanks'],
    ['unix:/a\0', 'invalid_unix_path', 'control characters'],
    [`unix:/${'ü'.repeat(54)}`, 'invalid_unix_path', 'exceeds 107 bytes'],
  ])('%j is refused', (text, code, message) => {
    expect(parseAddress(text)).toMatchObject({
      ok: false,
      fault: { code, message: expect.stringContaining(message) },
    });
  });
});

describe('URL form', () => {
  test.each([
    ['tcp://127.0.0.1:9000', 'tcp:127.0.0.1:9000'],
    ['tcp://*:5555', 'tcp:[::]:5555'],
    ['tcp://name:9000', 'tcp:name:9000'],
    ['inproc://12345', 'local:12345'],
    ['ipc:///tmp/my-socket', 'unix:/tmp/my-socket'],
    ['ipc://@name', 'unix:@name'],
    ['tls://h:443', 'tls:h:443'],
    ['metatls://h:443', 'metatls:h:443'],
    ['quic://h:443', 'quic:h:443'],
    ['metaquic://h:443', 'metaquic:h:443'],
    ['metatls://*:443', 'metatls:[::]:443'],
  ])('%s is %s', (url, native) => {
    expect(printAddress(address(url))).toBe(native);
    expect(sameAddress(address(url), address(native))).toBe(true);
  });

  test.each([
    ['invalid://scheme', 'unknown_channel_type'],
    ['tcp://invalid-port', 'invalid_port'],
    ['metatls://no-port', 'invalid_port'],
    ['inproc://not-a-number', 'invalid_local_id'],
    ['ipc://', 'invalid_unix_path'],
    ['tcp://127.0.0.1:8080@metatls://example.com:443', 'invalid_alias'],
    ['tcp://host@tcp://127.0.0.1:8080', 'invalid_alias'],
    ['tcp://127.0.0.1:8080@tcp://example.com', 'invalid_alias'],
    ['tcp://host:fd5', 'unsupported_descriptor'],
  ])('%s is refused', (text, code) => {
    expect(parseAddress(text)).toMatchObject({ ok: false, fault: { code } });
  });
});

describe('an alias', () => {
  const text = 'tcp://127.0.0.1:9000@tcp://[::]:8800';
  const dial: TcpAddress = { kind: 'tcp', host: '127.0.0.1', port: 9000 };

  test('dials its left half and binds its right', () => {
    expect(address(text)).toEqual({ kind: 'alias', dial, bind: { kind: 'tcp', host: '::', port: 8800 } });
    expect(printAddress(address(text))).toBe('alias:dial_to=tcp:127.0.0.1:9000;bind_to=tcp:[::]:8800');
    expect(printAddressUrl(address(text))).toBe(text);
  });

  test('is known by its dial half, and every other address by itself', () => {
    const alias = address('tcp://127.0.0.1:26600@tcp://0.0.0.0:26600');
    expect(printAddress(dialHalf(alias))).toBe('tcp:127.0.0.1:26600');
    expect(dialHalf(dial)).toBe(dial);
  });
});

test('sameness ignores the case of host names and nothing else', () => {
  expect(sameAddress(address('tcp:GPU1:80'), address('tcp:gpu1:80'))).toBe(true);
  expect(sameAddress(address('tcp:gpu1:80'), address('tls:gpu1:80'))).toBe(false);
  expect(sameAddress(address('unix:/A'), address('unix:/a'))).toBe(false);
  expect(sameAddress(address('unix:/a'), address('unix:@/a'))).toBe(false);
  expect(sameAddress(address('tcp://a:1@tcp://b:1'), address('tcp://a:1@tcp://b:2'))).toBe(false);
  expect(sameAddress(address('local:1'), address('inproc://1'))).toBe(true);
});

const hosts = fc.oneof(
  fc.ipV4(),
  fc.domain(),
  fc.ipV6().map((text) => {
    const parsed = address(`tls:[${text}]:1`);
    return 'host' in parsed ? parsed.host : '';
  }),
);
const tcp = fc.record({ kind: fc.constant('tcp' as const), host: hosts, port: fc.nat(65_535) });
const socketName = fc.string({
  minLength: 1,
  maxLength: 30,
  unit: fc.constantFrom('a', '.', ':', '!', '@', 'é', '['),
});
const dialable: fc.Arbitrary<ChannelAddress> = fc.oneof(
  tcp,
  fc.record({ kind: fc.constantFrom(...tlsKinds), host: hosts, port: fc.nat(65_535) }),
  fc.record({ kind: fc.constant('unix' as const), path: socketName.map((name) => `/${name}`) }),
  fc.record({ kind: fc.constant('unix-abstract' as const), name: socketName }),
  fc.record({ kind: fc.constant('local' as const), id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
);
const alias = fc.record({ kind: fc.constant('alias' as const), dial: tcp, bind: tcp });

test('printed in native form, every address but an alias reads back unchanged', () => {
  fc.assert(
    fc.property(dialable, (of) => {
      expect(address(printAddress(of))).toEqual(of);
    }),
  );
});

test('printed in URL form, every address reads back unchanged', () => {
  fc.assert(
    fc.property(fc.oneof(dialable, alias), (of) => {
      expect(address(printAddressUrl(of))).toEqual(of);
    }),
  );
});

test('any text gives a result, and an accepted one prints to a text that is accepted too', () => {
  const unit = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'tcp',
      'tls',
      'unix',
      'ipc',
      'local',
      ':',
      '//',
      '@',
      '!',
      '[',
      ']',
      '::',
      '1',
      '*',
      '.',
      '%',
    ),
  );
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      const parsed = parseAddress(units.join(''));
      if (parsed.ok) expect(address(printAddressUrl(parsed.value))).toEqual(parsed.value);
    }),
    { numRuns: 1000 },
  );
});
