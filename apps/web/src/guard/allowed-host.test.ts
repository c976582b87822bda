import { expect, test } from 'vitest';
import { isAllowedHost } from './allowed-host.ts';

test.each(['localhost:3000', '127.0.0.1', '[::1]:3000', 'LOCALHOST'])('%s is this machine', (host) => {
  expect(isAllowedHost(host, undefined)).toBe(true);
});

test.each([null, '', 'evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:3000'])(
  '%s is nobody we know',
  (host) => {
    expect(isAllowedHost(host, undefined)).toBe(false);
    expect(isAllowedHost(host, '')).toBe(false);
  },
);

test('configured names are allowed on any port, or on the one they name', () => {
  expect(isAllowedHost('mesh.example:8443', 'other, mesh.example')).toBe(true);
  expect(isAllowedHost('mesh.example:1', 'mesh.example:2')).toBe(false);
});
