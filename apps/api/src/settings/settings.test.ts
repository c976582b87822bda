import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadSettings } from './settings.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  const loaded = loadSettings(env);
  return loaded.ok ? [] : loaded.fault.problems;
}

describe('loadSettings', () => {
  test('an empty environment gives the defaults of the design', () => {
    const loaded = loadSettings({ DATABASE_URL: '' });
    expect(loaded.ok && loaded.value).toMatchObject({
      host: '127.0.0.1',
      port: 4600,
      webPort: 3000,
      databaseUrl: null,
      maxHosts: 20_000,
      concurrency: 1024,
      heal: true,
      retentionMs: 30 * 86_400_000,
      localAgents: null,
      shutdownGraceMs: 10_000,
    });
  });

  test.each([
    ['HOSTMESH_API_PORT', 'http'],
    ['HOSTMESH_API_PORT', '70000'],
    ['HOSTMESH_WEB_PORT', '1.5'],
    ['HOSTMESH_MAX_HOSTS', '0'],
    ['HOSTMESH_SHUTDOWN_GRACE', 'soon'],
    ['HOSTMESH_HEAL', 'yes'],
    ['HOSTMESH_RETENTION', '30'],
    ['HOSTMESH_RETENTION', '5m'],
    ['HOSTMESH_RETENTION', '2y'],
    ['HOSTMESH_LOG_LEVEL', 'loud'],
    ['HOSTMESH_LOCAL_AGENTS', 'tcp:'],
    ['HOSTMESH_ALLOWED_HOSTS', 'https://a.example/'],
    ['DATABASE_URL', 'mysql://localhost/db'],
  ])('%s=%s is refused, by name and with what would be right', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} .{10,}`));
  });

  test('every problem is reported at once', () => {
    expect(problemsOf({ HOSTMESH_API_PORT: 'x', HOSTMESH_CONCURRENCY: 'y' })).toHaveLength(2);
  });

  test('an address that others can reach is refused until its names are configured', () => {
    expect(problemsOf({ HOSTMESH_API_HOST: '0.0.0.0' })[0]).toContain('HOSTMESH_ALLOWED_HOSTS');
    expect(problemsOf({ HOSTMESH_API_HOST: '0.0.0.0', HOSTMESH_ALLOWED_HOSTS: 'mesh.example.com' })).toEqual(
      [],
    );
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]']) {
      expect(problemsOf({ HOSTMESH_API_HOST: host })).toEqual([]);
    }
  });

  test.each([
    [{ HOSTMESH_PROXY_KEY_FILE: '/dev/null' }, /^HOSTMESH_PROXY_KEY_FILE names a key that has 0 bytes; 16/],
    [
      { HOSTMESH_PROXY_KEY_FILE: '/not/there' },
      /^HOSTMESH_PROXY_KEY_FILE names a key that cannot be read: ENOENT/,
    ],
    [
      { HOSTMESH_METRICS_TOKEN_FILE: '/dev/null' },
      /HOSTMESH_METRICS_TOKEN_FILE: the token .* has 0 bytes; 16/,
    ],
    [{ HOSTMESH_METRICS: 'yes' }, /HOSTMESH_METRICS.* can be open/],
  ])('a secret that could be guessed is refused, as is %j', (env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(problem)]);
  });

  test('metrics are told to nobody without a token until somebody says so', () => {
    const accessOf = (env: Record<string, string>) => {
      const loaded = loadSettings(env);
      return loaded.ok && loaded.value.metricsAccess.kind;
    };
    expect([accessOf({}), accessOf({ HOSTMESH_METRICS: 'open' })]).toEqual(['closed', 'open']);
  });

  test('secrets never print', () => {
    const loaded = loadSettings({ HOSTMESH_AGENT_KEY: 'hush', DATABASE_URL: 'postgresql://u:hush@h/d' });
    expect(inspect(loaded) + JSON.stringify(loaded)).not.toContain('hush');
    expect(loaded.ok && loaded.value.agentKey?.reveal()).toBe('hush');
  });
});

test.each(['API_PORT', 'WEB_PORT', 'MAX_HOSTS', 'CONCURRENCY', 'RETENTION', 'SHUTDOWN_GRACE'])(
  'HOSTMESH_%s is a plain number or duration in its range, and otherwise refused by its name',
  (setting) => {
    const name = `HOSTMESH_${setting}`;
    for (const text of [
      ' ',
      '-1',
      '-1s',
      'NaN',
      'Infinity',
      '0x10',
      '1e3',
      '1.5',
      '9'.repeat(40),
      `${'9'.repeat(40)}s`,
      '366d',
      '1\0',
    ])
      expect(problemsOf({ [name]: text }).join(), text).toContain(name);
  },
);
