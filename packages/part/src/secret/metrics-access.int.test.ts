import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mayReadMetrics, readMetricsAccess } from './metrics-access.ts';

function fileOf(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'metrics-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'token'), text);
  return join(dir, 'token');
}

const admits = (settings: Parameters<typeof readMetricsAccess>[0], authorization: string | undefined) => {
  const access = readMetricsAccess(settings);
  return typeof access === 'string' ? access : mayReadMetrics(access, authorization);
};

test('metrics are told to nobody without a setting, and to whoever asks when somebody has said so', () => {
  expect(admits({ access: undefined, tokenFile: undefined }, 'Bearer anything')).toBe(false);
  expect(admits({ access: 'open', tokenFile: undefined }, undefined)).toBe(true);
});

test('metrics are told to whoever has the whole token of the file', () => {
  const settings = { access: undefined, tokenFile: fileOf('0123456789abcdef\n') };
  const given = ['Bearer 0123456789abcdef', 'bearer  0123456789abcdef'];
  expect(given.map((header) => admits(settings, header))).toEqual([true, true]);
  const wrong = [
    undefined,
    '',
    'Bearer',
    'Bearer 0123456789abcde',
    'Bearer 0123456789abcdef0',
    'Basic 0123456789abcdef',
  ];
  expect(wrong.filter((header) => admits(settings, header) === true)).toEqual([]);
});

test.each([
  [
    'a token of 15 bytes',
    () => ({ access: undefined, tokenFile: fileOf('0123456789abcde\n') }),
    /has 15 bytes; 16 .*openssl/,
  ],
  ['an empty file', () => ({ access: undefined, tokenFile: fileOf('\n') }), /has 0 bytes/],
  [
    'two tokens',
    () => ({ access: undefined, tokenFile: fileOf('0123456789abcdef\n0123456789abcdef') }),
    /white space/,
  ],
  [
    'a file that is not there',
    () => ({ access: undefined, tokenFile: '/not/there' }),
    /cannot be read: ENOENT/,
  ],
  ['another word than open', () => ({ access: 'yes', tokenFile: undefined }), /can be open/],
  ['both at once', () => ({ access: 'open', tokenFile: '/not/there' }), /one of the two/],
])('%s is refused in words that hold no token', (_what, settings, why) => {
  expect(readMetricsAccess(settings())).toMatch(why);
  expect(String(readMetricsAccess(settings()))).not.toContain('0123');
});
