import { expect, test } from 'vitest';
import { dumpConfig, REDACTED } from './dump.ts';
import { configKeys } from './keys.ts';
import { emptyLayers, withLayer } from './layers.ts';
import { readEnvLayer } from './read-values.ts';

const entryOf = (layers: typeof emptyLayers, key: string) =>
  dumpConfig(layers).find((entry) => entry.key === key);

test('vector: an entry has the fields of reference 7.3, and all its layers', () => {
  const env = readEnvLayer({ HYPERACTOR_CODEC_MAX_FRAME_LENGTH: '1048576' }).values;
  const pushed = withLayer(emptyLayers, 'ClientOverride', { CODEC_MAX_FRAME_LENGTH: '10737418240' });
  expect(entryOf(withLayer(pushed, 'Env', env), 'CODEC_MAX_FRAME_LENGTH')).toEqual({
    name: 'hyperactor::config::codec_max_frame_length',
    key: 'CODEC_MAX_FRAME_LENGTH',
    value: '1048576',
    default_value: '10737418240',
    source: 'Env',
    changed_from_default: true,
    env_var: 'HYPERACTOR_CODEC_MAX_FRAME_LENGTH',
    layers: [
      { source: 'Env', value: '1048576' },
      { source: 'ClientOverride', value: '10737418240' },
      { source: 'Default', value: '10737418240' },
    ],
  });
});

test('a value that prints like the default is not a change from it', () => {
  const env = readEnvLayer({ HYPERACTOR_MESH_ATTACH_CONFIG_TIMEOUT: '60s' }).values;
  const entry = entryOf(withLayer(emptyLayers, 'Env', env), 'MESH_ATTACH_CONFIG_TIMEOUT');
  expect(entry).toMatchObject({ value: '1m', source: 'Env', changed_from_default: false });
});

test('every declared key is dumped once, sorted by name', () => {
  const names = dumpConfig(emptyLayers).map(({ name }) => name);
  expect(names).toEqual(configKeys.map(({ name }) => name).sort());
});

test('a secret is redacted in every layer', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nhunter2';
  const layers = (['TestOverride', 'Env', 'Runtime', 'File', 'ClientOverride'] as const).reduce(
    (all, layer) => withLayer(all, layer, { TLS_KEY: pem }),
    emptyLayers,
  );
  const entry = entryOf(layers, 'TLS_KEY');
  expect(JSON.stringify(dumpConfig(layers))).not.toContain('hunter2');
  expect(entry).toMatchObject({ value: REDACTED, changed_from_default: true, source: 'TestOverride' });
  expect(entry?.layers.map(({ value }) => value)).toEqual(Array(6).fill(REDACTED));
});
