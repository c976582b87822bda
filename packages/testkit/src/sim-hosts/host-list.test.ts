import { parseHostList } from '@hostmesh/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostListOf } from './host-list.ts';

test('a printed host list reads back as the same hosts in the same order', () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(ports, (all) => {
      const list = hostListOf(all.map((port) => ({ kind: 'tcp', host: '127.0.0.1', port })));
      const parsed = parseHostList(list, { maxHosts: 100 });
      expect(parsed.ok && parsed.value.hosts.map(({ text }) => text)).toEqual(
        all.map((port) => `tcp:127.0.0.1:${port}`),
      );
    }),
  );
});

test('neighbouring ports become one range', () => {
  const addresses = [30_000, 30_001, 30_002, 30_010].map(
    (port) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const,
  );
  expect(hostListOf(addresses)).toBe('tcp:127.0.0.1:[30000-30002,30010]');
});

test('a list of hosts on ports far and wide is on as many lines as a host list needs', () => {
  const addresses = Array.from(
    { length: 10_000 },
    (_, index) => ({ kind: 'tcp', host: '127.0.0.1', port: 20_000 + 3 * index }) as const,
  );
  const parsed = parseHostList(hostListOf(addresses), { maxHosts: 10_000 });
  expect(parsed.ok && parsed.value.hosts.map(({ address }) => address)).toEqual(addresses);
});
