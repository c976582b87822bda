import { describe, expect, test } from 'vitest';
import { parseConfigOverrides, parsePushedAttrs } from './overrides.ts';
import { readEnvLayer, readFileLayer } from './read-values.ts';

describe('the environment', () => {
  test('vector: HYPERACTOR_MESSAGE_DELIVERY_TIMEOUT=60s is printed 1m', () => {
    expect(readEnvLayer({ HYPERACTOR_MESSAGE_DELIVERY_TIMEOUT: '60s', PATH: '/bin' })).toEqual({
      values: { MESSAGE_DELIVERY_TIMEOUT: '1m' },
      problems: [],
    });
  });

  test('a value that does not parse falls through and is reported by variable, without repeating it', () => {
    const env = { HYPERACTOR_MESSAGE_TTL_DEFAULT: 'hunter2', HYPERACTOR_MESH_MAX_CAST_FANOUT: '4' };
    expect(readEnvLayer(env)).toEqual({
      values: { MAX_CAST_FANOUT: '4' },
      problems: [
        {
          key: 'HYPERACTOR_MESSAGE_TTL_DEFAULT',
          code: 'invalid_value',
          message: 'expected a whole number from 0 to 255',
        },
      ],
    });
  });

  test('a variable of ours that no key has is reported; others and absent ones are ignored', () => {
    const { values, problems } = readEnvLayer({
      HYPERACTOR_MESH_TYPO: '1',
      HOME: '/root',
      PYSPY_BIN: undefined,
    });
    expect(values).toEqual({});
    expect(problems).toMatchObject([{ key: 'HYPERACTOR_MESH_TYPO', code: 'unknown_key' }]);
  });

  test('empty is a value where it means none', () => {
    expect(readEnvLayer({ HYPERACTOR_MESH_ORPHAN_TIMEOUT: '' }).values).toEqual({ MESH_ORPHAN_TIMEOUT: '' });
  });
});

describe('a config file', () => {
  test('maps keys or names to plain YAML values', () => {
    const document = {
      MESH_ORPHAN_TIMEOUT: null,
      'hyperactor::config::codec_max_frame_length': 1_048_576,
      MESH_ENABLE_FILE_CAPTURE: true,
      PROC_SPAWN_MAX_IDLE: '90s',
    };
    expect(readFileLayer(document)).toEqual({
      values: {
        MESH_ORPHAN_TIMEOUT: '',
        CODEC_MAX_FRAME_LENGTH: '1048576',
        MESH_ENABLE_FILE_CAPTURE: '1',
        PROC_SPAWN_MAX_IDLE: '1m 30s',
      },
      problems: [],
    });
  });

  test('what cannot be used is reported and the rest is taken', () => {
    const document = {
      NO_SUCH_KEY: 1,
      MAX_CAST_FANOUT: { nested: 1 },
      MESSAGE_TTL_DEFAULT: 3,
      'hyperactor::config::message_ttl_default': 4,
    };
    const { values, problems } = readFileLayer(document);
    expect(values).toEqual({ MESSAGE_TTL_DEFAULT: '3' });
    expect(problems.map(({ key, code }) => [key, code])).toEqual([
      ['NO_SUCH_KEY', 'unknown_key'],
      ['MAX_CAST_FANOUT', 'invalid_value'],
      ['hyperactor::config::message_ttl_default', 'duplicate_key'],
    ]);
  });

  test('an empty document is an empty layer; one that is no mapping is a problem', () => {
    expect(readFileLayer(null)).toEqual({ values: {}, problems: [] });
    expect(readFileLayer(['a']).problems).toHaveLength(1);
    expect(readFileLayer('text').problems).toHaveLength(1);
  });
});

describe('overrides that a person gives', () => {
  test('are read by key or name, from text, number or boolean, into printed form', () => {
    const given = {
      PROC_SPAWN_MAX_IDLE: '90s',
      'hyperactor_mesh::config::max_cast_fanout': 4,
      PREFIX_WITH_RANK: false,
    };
    expect(parseConfigOverrides(given)).toEqual({
      ok: true,
      value: { PROC_SPAWN_MAX_IDLE: '1m 30s', MAX_CAST_FANOUT: '4', PREFIX_WITH_RANK: '0' },
    });
  });

  test('fail with every key that cannot be pushed', () => {
    const result = parseConfigOverrides({ TLS_KEY: '/k', MAX_CAST_FANOUT: 0, TYPO: 'x', READ_LOG_BUFFER: 1 });
    expect(result).toMatchObject({
      ok: false,
      fault: {
        code: 'invalid_config',
        errors: [{ key: 'MAX_CAST_FANOUT' }, { key: 'TYPO' }, { key: 'TLS_KEY' }],
      },
    });
  });
});

describe('values that a client pushed', () => {
  test('unknown keys are tolerated and named', () => {
    expect(parsePushedAttrs({ MAX_CAST_FANOUT: '4', FROM_THE_FUTURE: 'x' })).toEqual({
      ok: true,
      value: { values: { MAX_CAST_FANOUT: '4' }, unknownKeys: ['FROM_THE_FUTURE'] },
    });
  });

  test('known keys that do not parse and local keys are refused by name', () => {
    const result = parsePushedAttrs({ MAX_CAST_FANOUT: 'many', TLS_CERT: '/c', NEW: '1' });
    expect(result).toMatchObject({
      ok: false,
      fault: { errors: [{ key: 'MAX_CAST_FANOUT' }, { key: 'TLS_CERT' }] },
    });
  });
});
