import { describe, expect, test } from 'vitest';
import { isAllowedHost, parseAllowedHosts } from './allowed-hosts.ts';

describe('HOSTMESH_ALLOWED_HOSTS', () => {
  test.each(['a b:8443', 'a\nb:8443', 'a,b:8443', ' A ,\t B:8443,'])('%j names two hosts', (text) => {
    expect(parseAllowedHosts(text)).toEqual({ ok: true, value: ['a', 'b:8443'] });
  });

  test('may be empty', () => {
    expect(parseAllowedHosts(' ')).toEqual({ ok: true, value: [] });
  });

  test.each(['https://a.example/', 'a b/c', 'a:port'])('%j is refused with what would be right', (text) => {
    expect(parseAllowedHosts(text)).toMatchObject({
      ok: false,
      fault: { message: expect.stringContaining('mesh.example.com') },
    });
  });
});

describe('a Host header', () => {
  const configured = ['mesh.example.com', 'ops:8443', '[fe80::1]'];

  test.each([
    'localhost',
    'localhost:4600',
    'LOCALHOST:1',
    '127.0.0.1:4600',
    '[::1]:4600',
    'mesh.example.com',
    'mesh.example.com:444',
    'ops:8443',
    '[fe80::1]:3000',
  ])('%s is answered', (host) => {
    expect(isAllowedHost(host, configured)).toBe(true);
  });

  test.each([
    undefined,
    null,
    '',
    'evil.example',
    'localhost.evil.example:4600',
    'ops:80',
    '127.0.0.1.evil.example',
    '10.0.0.1',
  ])('%s is nobody we know', (host) => {
    expect(isAllowedHost(host, configured)).toBe(false);
    expect(isAllowedHost(host, [])).toBe(false);
  });
});
