import { randomOf } from '@hostmesh/soak/random';
import { expect, test } from 'vitest';
import { hostileValues, spoil } from './hostile.ts';

test('the same seed makes the same hostile values', () => {
  expect(hostileValues(7, 50)).toEqual(hostileValues(7, 50));
  expect(hostileValues(7, 50)).not.toEqual(hostileValues(8, 50));
});

test('a value is spoilt in one place, and itself left as it was', () => {
  const value = { mesh: 'train', hosts: ['a', 'b'], config: { A: '1' } };
  const spoilt = new Set<string>();
  for (let step = 0; step < 200; step += 1)
    spoilt.add(JSON.stringify(spoil(value, randomOf(1, step), 'BAD')));
  expect(value).toEqual({ mesh: 'train', hosts: ['a', 'b'], config: { A: '1' } });
  expect(spoilt).toContain('"BAD"');
  expect(spoilt).toContain('{"mesh":"BAD","hosts":["a","b"],"config":{"A":"1"}}');
  expect(spoilt).toContain('{"hosts":["a","b"],"config":{"A":"1"}}');
  expect([...spoilt].filter((text) => text.includes('"__proto__":"BAD"'))).not.toEqual([]);
});
