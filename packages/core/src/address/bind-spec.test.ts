import { expect, test } from 'vitest';
import { parseBindSpec, printBindSpec } from './bind-spec.ts';

test.each([
  'unix',
  'tcp',
  'tcp(Localhost)',
  'tcp(Hostname)',
  'metatls(Hostname)',
  'metatls(IpV6)',
  'tls',
  'quic',
  'local',
  'tcp:127.0.0.1:0',
  'unix:@agent',
  'tcp://127.0.0.1:1@tcp://0.0.0.0:1',
])('%s is a bind spec and prints unchanged', (text) => {
  const spec = parseBindSpec(text);
  expect(spec.ok && printBindSpec(spec.value)).toBe(text);
});

test('URLs are printed in native form', () => {
  const spec = parseBindSpec('tcp://*:0');
  expect(spec.ok && printBindSpec(spec.value)).toBe('tcp:[::]:0');
});

test.each(['', 'TCP', 'tcp(Anything)', 'carrier-pigeon'])('%j is refused', (text) => {
  expect(parseBindSpec(text).ok).toBe(false);
});
