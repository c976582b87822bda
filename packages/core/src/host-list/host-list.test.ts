import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHostList } from './host-list.ts';

const maxHosts = 20_000;

function hostsOf(input: string | readonly string[]): string[] {
  const list = parseHostList(input, { maxHosts });
  if (!list.ok) throw new Error(list.fault.message);
  return list.value.hosts.map((host) => host.text);
}

function faultOf(input: string | readonly string[], limit = maxHosts) {
  const list = parseHostList(input, { maxHosts: limit });
  if (list.ok) throw new Error('the list was accepted');
  return list.fault;
}

describe('entries', () => {
  test('are one per line or separated by commas, with comments and empty places left out', () => {
    const text =
      '# rack 1\r\ntcp:gpu1:80, tcp:gpu2:80,\n\n  tls:gpu3:443   # new\n,unix:@agent, local:7 # end';
    expect(hostsOf(text)).toEqual(['tcp:gpu1:80', 'tcp:gpu2:80', 'tls:gpu3:443', 'unix:@agent', 'local:7']);
  });

  test('know the line that they are on, counted from 1', () => {
    const list = parseHostList('# head\ntcp:a:1,tcp:b:1\rtcp:c:1\r\ntcp:d[1-2]:1', { maxHosts });
    expect(list.ok && list.value.hosts.map((host) => host.line)).toEqual([2, 2, 3, 4, 4]);
  });

  test('of a list of strings are lines of the same grammar, one per string', () => {
    const list = parseHostList(['tcp:a[1-2]:1, tcp:b:1', '# none', 'tcp:c:1'], { maxHosts });
    expect(list.ok && list.value.hosts.map((host) => [host.text, host.line])).toEqual([
      ['tcp:a1:1', 1],
      ['tcp:a2:1', 1],
      ['tcp:b:1', 1],
      ['tcp:c:1', 3],
    ]);
  });

  test('may be in URL form, and are printed in native form', () => {
    expect(hostsOf('tcp://a:1, ipc:///run/x.sock')).toEqual(['tcp:a:1', 'unix:/run/x.sock']);
  });

  test('that are aliases are known by the half that is dialled', () => {
    expect(hostsOf('tcp://127.0.0.1:26600@tcp://0.0.0.0:26600')).toEqual(['tcp:127.0.0.1:26600']);
    expect(faultOf('tcp:a:1\ntcp://a:1@tcp://0.0.0.0:1').errors[0]).toMatchObject({
      code: 'duplicate_host',
      line: 2,
    });
  });
});

describe('ranges', () => {
  test.each([
    ['tcp:gpu[1-3]:80', ['tcp:gpu1:80', 'tcp:gpu2:80', 'tcp:gpu3:80']],
    ['tcp:gpu[001-003,200]:80', ['tcp:gpu001:80', 'tcp:gpu002:80', 'tcp:gpu003:80', 'tcp:gpu200:80']],
    ['tcp:gpu[08-11]:80', ['tcp:gpu08:80', 'tcp:gpu09:80', 'tcp:gpu10:80', 'tcp:gpu11:80']],
    ['tcp:gpu[99-101]:80', ['tcp:gpu99:80', 'tcp:gpu100:80', 'tcp:gpu101:80']],
    ['tcp:r[1-2]n[1,3]:80', ['tcp:r1n1:80', 'tcp:r1n3:80', 'tcp:r2n1:80', 'tcp:r2n3:80']],
    ['tcp:10.0.0.[254-255]:80', ['tcp:10.0.0.254:80', 'tcp:10.0.0.255:80']],
    ['tcp:gpu:[80-81]', ['tcp:gpu:80', 'tcp:gpu:81']],
    ['tcp:gpu[1-10/3]:80', ['tcp:gpu1:80', 'tcp:gpu4:80', 'tcp:gpu7:80', 'tcp:gpu10:80']],
    ['tcp:gpu[08-11/2,5]:80', ['tcp:gpu08:80', 'tcp:gpu10:80', 'tcp:gpu5:80']],
    ['tcp:gpu[1-3/9]:80', ['tcp:gpu1:80']],
    ['tcp:gpu:[80-84/2]', ['tcp:gpu:80', 'tcp:gpu:82', 'tcp:gpu:84']],
    ['tcp:gpu[1 - 2, 5]:80', ['tcp:gpu1:80', 'tcp:gpu2:80', 'tcp:gpu5:80']],
    ['tcp:[::1]:80,tcp:[fe80::1]:[1-2]', ['tcp:[::1]:80', 'tcp:[fe80::1]:1', 'tcp:[fe80::1]:2']],
  ])('%s', (text, expected) => {
    expect(hostsOf(text)).toEqual(expected);
  });

  test.each([
    ['tcp:gpu[1-3:80', 'invalid_range', 'partner'],
    ['tcp:gpu1-3]:80', 'invalid_range', 'partner'],
    ['tcp:gpu[1-[2]]:80', 'invalid_range', 'partner'],
    ['tcp:gpu[]:80', 'invalid_range', 'write numbers in the brackets'],
    ['tcp:gpu[a-c]:80', 'invalid_range', "'a-c' is no range"],
    ['tcp:gpu[5-1]:80', 'invalid_range', 'write 1-5'],
    ['tcp:gpu[1-010]:80', 'invalid_range', 'write both with 3 digits'],
    ['tcp:gpu[1-1234567890123456]:80', 'invalid_range', 'too long'],
    ['tcp:[12::xyz]:80', 'invalid_host', '[12::xyz]'],
    [
      'tcp:10.0.0.[254-260]:80',
      'invalid_host',
      "tcp:10.0.0.256:80: invalid socket address syntax: '10.0.0.256'",
    ],
    ['tcp:10.0.0.[254-260]:80', 'invalid_host', 'and 4 more of this range'],
  ])('%s is refused', (text, code, message) => {
    const { errors } = faultOf(text);
    expect(errors).toEqual([{ line: 1, entry: text, code, message: expect.stringContaining(message) }]);
  });
});

test.each([
  ['tcp:n[1-10:2]:80', 'a step is written [1-10/2]'],
  ['tcp:n[1..10..2]:80', 'a step is written [1-10/2]'],
  ['tcp:n[1:10]:80', 'a range is written [1-10]'],
  ['tcp:n[1..10]:80', 'a range is written [1-10]'],
  ['tcp:n[1-3/0]:80', 'at least 1'],
  ['tcp:n[1-3/x]:80', 'write numbers in the brackets'],
  ['tcp:n{1..3}:80', 'not {1..3}'],
  ['tcp:n{1,2}:80', 'one by one'],
  ['@gpus', 'groups of other tools'],
  ['tcp:n@rack1', 'groups of other tools'],
  ['node[1-3]*', 'wildcards'],
  ['tcp:n?:80', 'wildcards'],
  ['node[1-9]!node3', 'sets are not combined'],
  ['node[1-9]&@rack', 'groups of other tools'],
  ['node[1-9]^node3', 'sets are not combined'],
  ['-node3', 'taken out'],
])('%s, as another tool has it, is refused with our form of it', (text, message) => {
  const messages = faultOf(text).errors.map((error) => error.message);
  expect(messages.join(' ')).toContain(message);
});

test('a step is counted before it is expanded', () => {
  expect(hostsOf('tcp:h[0-999999999999/100000000000]:1')).toHaveLength(10);
  expect(faultOf('tcp:h[1-999999999/2]:1').message).toContain('the list has 500000000 hosts');
});

describe('errors', () => {
  test('are all reported, in the order of lines, with the text as typed', () => {
    const fault = faultOf(
      'gpu1:80\ntcp:ok:1\n  tcp:gpu2:99999 , tcp:gpu[3-1]:80\ntcp:a:1 tcp:b:1\ntcp:c:0\nunix:',
    );
    expect(fault.code).toBe('invalid_host_list');
    expect(fault.message).toContain('line 1: no such channel type: gpu1');
    expect(fault.message).toContain('and 5 more errors');
    expect(fault.errors.map(({ line, entry, code }) => [line, entry, code])).toEqual([
      [1, 'gpu1:80', 'unknown_channel_type'],
      [3, 'tcp:gpu2:99999', 'invalid_port'],
      [3, 'tcp:gpu[3-1]:80', 'invalid_range'],
      [4, 'tcp:a:1 tcp:b:1', 'missing_separator'],
      [5, 'tcp:c:0', 'port_zero'],
      [6, 'unix:', 'invalid_unix_path'],
    ]);
    expect(fault.errors[0]?.message).toContain('did you mean tcp:gpu1:80?');
  });

  test.each(['', '  \n\n', '# only a comment', ',,'])('%j is an empty list', (text) => {
    const fault = faultOf(text);
    expect(fault.code).toBe('empty_host_list');
    expect(fault.errors).toMatchObject([{ line: 1, entry: '', code: 'empty_host_list' }]);
    expect(faultOf([]).code).toBe('empty_host_list');
  });

  test('never lose a host that hides behind a line end inside a string', () => {
    expect(faultOf(['tcp:a:1 # first\ntcp:b:1']).errors[0]?.code).toBe('missing_separator');
  });

  test('quote only the beginning of what is too long', () => {
    const [error] = faultOf('x'.repeat(100_000)).errors;
    expect(error?.code).toBe('entry_too_long');
    expect(error?.entry.length).toBeLessThan(300);
  });
});

describe('duplicates', () => {
  test('name both places', () => {
    const { errors } = faultOf('tcp:gpu1:80\n\ntcp://gpu1:80');
    expect(errors).toEqual([
      {
        line: 3,
        entry: 'tcp://gpu1:80',
        code: 'duplicate_host',
        message: "tcp:gpu1:80 is listed already on line 1 ('tcp:gpu1:80'): remove one of the two",
      },
    ]);
  });

  test.each([
    [
      'tcp:gpu[1-8]:80\ntcp:gpu[5-9]:80',
      "tcp:gpu5:80 is listed already on line 1 ('tcp:gpu[1-8]:80'), and 3 more",
    ],
    ['tcp:gpu[1-3,2]:80', 'tcp:gpu2:80 is listed twice in this range'],
    ['tcp:GPU1:80,tcp:gpu1:80', 'tcp:gpu1:80 is listed already on line 1'],
    ['tcp:[0::1]:80,tcp:[::1]:80', 'tcp:[::1]:80 is listed already'],
  ])('%j', (text, message) => {
    expect(faultOf(text).errors).toMatchObject([
      { code: 'duplicate_host', message: expect.stringContaining(message) },
    ]);
  });

  test('of 20,000 hosts are one error, not 20,000', () => {
    const { errors } = faultOf('tcp:h[1-20000]:1\ntcp:h[1-20000]:1', 40_000);
    expect(errors).toMatchObject([
      { line: 2, message: expect.stringContaining('and 19999 more of this range') },
    ]);
  });

  test('are only what is the same in every part', () => {
    expect(hostsOf('tcp:a:1, tcp:a:2, tls:a:1, unix:/a, unix:@a, local:1')).toHaveLength(6);
  });
});

describe('the limit', () => {
  test.each([
    ['tcp:gpu[1-999999999]:1', '999999999'],
    ['tcp:r[1-999999999]n[1-999999999]:1', '999999998000000001'],
  ])('refuses %s without expanding it, and says how many it would be', (text, count) => {
    const fault = faultOf(text);
    expect(fault.code).toBe('too_many_hosts');
    expect(fault.message).toContain(`the list has ${count} hosts, at most 20000 are allowed`);
    expect(fault.errors).toMatchObject([{ line: 1, entry: text, code: 'too_many_hosts' }]);
  });

  test('counts the whole list, names the entry that exceeds it, and still reports other errors', () => {
    const fault = faultOf('tcp:a[1-2]:1\ntcp:b[1-2]:1\nxxx:1:1\ntcp:c[1-9]:1', 3);
    expect(fault.errors.map(({ line, code }) => [line, code])).toEqual([
      [2, 'too_many_hosts'],
      [3, 'unknown_channel_type'],
    ]);
    expect(fault.errors[0]?.message).toContain('has 14 hosts');
  });

  test('is inclusive', () => {
    expect(parseHostList('tcp:a[1-3]:1', { maxHosts: 3 }).ok).toBe(true);
  });
});

test('any text is either a list or a fault with at least one error', () => {
  const unit = fc.oneof(
    fc.string(),
    fc.constantFrom('[', ']', ',', '-', '1', '9', '\n', '#', 'tcp:', 'h', ':1', ' '),
  );
  fc.assert(
    fc.property(fc.array(unit), fc.boolean(), (units, asLines) => {
      const list = parseHostList(asLines ? units : units.join(''), { maxHosts: 100 });
      return list.ok ? list.value.hosts.length > 0 : list.fault.errors.every((error) => error.message !== '');
    }),
  );
});

test('a printed list reads back to the same hosts in the same order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(300), { minLength: 1 }),
      fc.constantFrom('\n', ',', ' , ', '\r\n'),
      (ids, separator) => {
        const texts = ids.map((id) => `tcp:10.0.${id >> 8}.${id & 255}:26600`);
        expect(hostsOf(texts.join(separator))).toEqual(texts);
      },
    ),
  );
});

test('a range is each of its numbers, in order', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 3, max: 5 }), (first, length, width) => {
      const name = (number: number) => String(number).padStart(width, '0');
      const expected = Array.from({ length: length + 1 }, (_, index) => `tcp:n${name(first + index)}:1`);
      expect(hostsOf(`tcp:n[${name(first)}-${name(first + length)}]:1`)).toEqual(expected);
    }),
  );
});
