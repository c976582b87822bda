import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configKeys } from './keys.ts';
import { emptyLayers, withLayer } from './layers.ts';
import { digestOf, makeSnapshot, snapshotOfAttrs } from './snapshot.ts';

test('a snapshot has every key that propagates, defaults included, and no credential', () => {
  const layers = withLayer(emptyLayers, 'Env', { MAX_CAST_FANOUT: '4', TLS_KEY: 'secret' });
  const { attrs, json } = makeSnapshot(layers);
  expect(Object.keys(attrs).sort()).toEqual(
    configKeys
      .filter(({ propagates }) => propagates)
      .map(({ key }) => key)
      .sort(),
  );
  expect(attrs).toMatchObject({ MAX_CAST_FANOUT: '4', PROC_SPAWN_MAX_IDLE: '30s' });
  expect(json).not.toContain('secret');
});

test('vector: canonical JSON has sorted keys, and the digest is the SHA-256 of its bytes', () => {
  const snapshot = snapshotOfAttrs({ B: 'ü"', A: '1', 10: 'x', 9: 'y' });
  expect(snapshot.json).toBe('{"10":"x","9":"y","A":"1","B":"ü\\""}');
  // printf '%s' '{"10":"x","9":"y","A":"1","B":"ü\""}' | sha256sum
  expect(snapshot.digest).toBe('sha256:8c4cd8f98ef85a652f84ba161c67144bd97cc87ee9b72d25b8a52f4422a498e8');
});

test('equal values make equal bytes and digests in any order; different values make different ones', () => {
  const attrs = fc.dictionary(fc.string(), fc.string());
  fc.assert(
    fc.property(attrs, fc.string(), fc.string(), (given, key, value) => {
      const shuffled = Object.fromEntries(Object.entries(given).reverse());
      expect(snapshotOfAttrs(shuffled)).toMatchObject({ ...snapshotOfAttrs(given), attrs: shuffled });
      expect(JSON.parse(snapshotOfAttrs(given).json)).toEqual({ ...given });
      if (given[key] !== value) expect(digestOf({ ...given, [key]: value })).not.toBe(digestOf(given));
    }),
  );
});
