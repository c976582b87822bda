import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  configValue,
  effective,
  emptyLayers,
  layersOf,
  lookup,
  mergeLayer,
  shadowedBy,
  valueIn,
  withLayer,
  type ConfigLayer,
} from './layers.ts';
import { configKeys, MESH_ATTACH_CONFIG_TIMEOUT } from './keys.ts';

const strongestFirst = ['TestOverride', 'Env', 'Runtime', 'File', 'ClientOverride'] as const;
const KEY = 'MESSAGE_TTL_DEFAULT';
const layersWith = (values: Partial<Record<ConfigLayer, string>>) =>
  strongestFirst.reduce((layers, source) => {
    const value = values[source];
    return value === undefined ? layers : withLayer(layers, source, { [KEY]: value });
  }, emptyLayers);

test('the strongest layer that has a key wins, whichever layers those are', () => {
  const subset = fc.subarray([...strongestFirst]);
  fc.assert(
    fc.property(subset, (sources) => {
      const layers = layersWith(Object.fromEntries(sources.map((source) => [source, source])));
      const winner = sources[0];
      expect(lookup(layers, KEY)).toEqual(
        winner === undefined ? { value: '64', source: 'Default' } : { value: winner, source: winner },
      );
      expect(layersOf(layers, KEY).map(({ source }) => source)).toEqual([...sources, 'Default']);
    }),
  );
});

describe('changing a layer', () => {
  const before = withLayer(emptyLayers, 'File', { MAX_CAST_FANOUT: '2', READ_LOG_BUFFER: '7' });

  test('replacing it drops what it had', () => {
    const after = withLayer(before, 'File', { MAX_CAST_FANOUT: '3' });
    expect(lookup(after, 'MAX_CAST_FANOUT')).toEqual({ value: '3', source: 'File' });
    expect(lookup(after, 'READ_LOG_BUFFER')?.source).toBe('Default');
  });

  test('merging into it keeps what it had', () => {
    const after = mergeLayer(before, 'File', { MAX_CAST_FANOUT: '3' });
    expect(lookup(after, 'MAX_CAST_FANOUT')?.value).toBe('3');
    expect(lookup(after, 'READ_LOG_BUFFER')?.value).toBe('7');
  });

  test('leaves the layers that were there as they are', () => {
    withLayer(before, 'File', {});
    mergeLayer(before, 'File', { MAX_CAST_FANOUT: '4' });
    expect(lookup(before, 'MAX_CAST_FANOUT')?.value).toBe('2');
  });
});

test('a key that is not declared has no value and no layers', () => {
  expect(lookup(emptyLayers, 'constructor')).toBeUndefined();
  expect(layersOf(emptyLayers, 'NO_SUCH_KEY')).toEqual([]);
});

test('a key is looked up by its dump name too', () => {
  const layers = withLayer(emptyLayers, 'Runtime', { [KEY]: '3' });
  expect(lookup(layers, 'hyperactor::config::message_ttl_default')?.value).toBe('3');
});

test('every declared key has a value that takes effect', () => {
  expect(effective(emptyLayers).map(({ key }) => key)).toEqual(configKeys);
});

test('typed values come from the winning layer, or from a snapshot with the default for what it lacks', () => {
  const layers = withLayer(emptyLayers, 'Env', { MESH_ATTACH_CONFIG_TIMEOUT: '5s' });
  expect(configValue(layers, MESH_ATTACH_CONFIG_TIMEOUT)).toBe(5_000);
  expect(valueIn({ MESH_ATTACH_CONFIG_TIMEOUT: '2s' }, MESH_ATTACH_CONFIG_TIMEOUT)).toBe(2_000);
  expect(valueIn({}, MESH_ATTACH_CONFIG_TIMEOUT)).toBe(60_000);
  expect(valueIn({ MESH_ATTACH_CONFIG_TIMEOUT: 'soon' }, MESH_ATTACH_CONFIG_TIMEOUT)).toBe(60_000);
});

describe('a pushed key is shadowed', () => {
  test.each(['TestOverride', 'Env', 'Runtime', 'File'] as const)('by %s', (layer) => {
    const layers = layersWith({ [layer]: '1', ClientOverride: '2' });
    expect(shadowedBy(layers, { [KEY]: '3', MAX_CAST_FANOUT: '4' })).toEqual([{ key: KEY, layer }]);
  });

  test('not by the client layer that it replaces, nor when it is not declared', () => {
    expect(shadowedBy(layersWith({ ClientOverride: '2' }), { [KEY]: '3', NO_SUCH_KEY: 'x' })).toEqual([]);
  });
});
