import { parseAddress } from '@hostmesh/core';
import { expect, test } from 'vitest';
import { isLoopback } from './loopback.ts';

const check = (text: string): boolean => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return isLoopback(parsed.value);
};

test.each([
  'tcp:127.0.0.1:1',
  'tcp:127.9.9.9:1',
  'tls:[::1]:1',
  'tcp:localhost:1',
  'tcp:[::ffff:127.0.0.1]:1',
])('%s is reached from this machine alone', (text) => expect(check(text)).toBe(true));

test.each(['unix:/run/agent.sock', 'unix:@agent', 'local:1', 'tcp://10.0.0.1:1@tcp://127.0.0.1:1'])(
  '%s is too',
  (text) => expect(check(text)).toBe(true),
);

test.each([
  'tcp:0.0.0.0:1',
  'tcp:[::]:1',
  'tcp:10.0.0.1:1',
  'tcp:127.example.org:1',
  'tcp://127.0.0.1:1@tcp://0.0.0.0:1',
])('%s is not', (text) => expect(check(text)).toBe(false));
