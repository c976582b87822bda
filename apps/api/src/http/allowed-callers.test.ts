import { describe, expect, test } from 'vitest';
import { originRefusal, type AllowedCallers } from './allowed-callers.ts';

const allow: AllowedCallers = { hosts: ['mesh.example.com', 'ops:8443'], localPorts: [3000, 4600] };

describe('originRefusal', () => {
  const host = '127.0.0.1:4600';

  test.each([
    { host },
    { host, site: 'none' },
    { host, site: 'same-origin', origin: 'http://localhost:3000' },
    { host, origin: 'http://127.0.0.1:4600' },
    { host: 'localhost:5000', origin: 'http://localhost:5000' },
    { host, origin: 'https://mesh.example.com' },
    { host, origin: 'https://ops:8443' },
  ])('lets $origin with Sec-Fetch-Site $site through', (headers) => {
    expect(originRefusal(allow, headers)).toBeUndefined();
  });

  test.each([
    { host, origin: 'https://evil.example' },
    { host, origin: 'null' },
    { host, origin: 'http://localhost:8080' },
    { host, origin: 'http://localhost.evil.example:3000' },
    { host, origin: 'file://localhost:3000' },
    { host, site: 'cross-site' },
    { host, site: 'same-site', origin: 'http://localhost:3000' },
    { host, origin: 'http://ops:80' },
  ])('refuses $origin with Sec-Fetch-Site $site', (headers) => {
    expect(originRefusal(allow, headers)).toEqual(expect.any(String));
  });
});
