import { describe, expect, test } from 'vitest';
import { parseInvocation } from './agent-options.ts';

const listenOn = (address: string, env: Record<string, string> = {}) =>
  parseInvocation(['--listen', address], env);
const key = { HOSTMESH_AGENT_KEY: 'correct horse battery' };

test('without options but a key the agent listens on loopback and keeps its data below .hostmesh', () => {
  expect(parseInvocation([], key)).toEqual({
    ok: true,
    value: {
      kind: 'run',
      options: {
        listen: { kind: 'tcp', host: '127.0.0.1', port: 26600 },
        dataDir: '.hostmesh/agent',
        configFile: undefined,
        key: { file: undefined, text: 'correct horse battery' },
        metrics: { access: undefined, tokenFile: undefined },
        allow: { programs: ['*'], env: [], cwd: [] },
        runAs: [],
        endKept: false,
        endLeft: false,
        tlsFiles: { cert: undefined, key: undefined, ca: undefined },
      },
    },
  });
});

describe('listening where others can connect', () => {
  test.each([
    'tcp:127.0.0.1:0',
    'tcp:0.0.0.0:0',
    'tcp:[::]:1',
    'tcp://127.0.0.1:1@tcp://0.0.0.0:1',
    'unix:@abstract',
  ])('%s is refused without a key, with the ways out', (address) => {
    const refused = listenOn(address);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'bad_usage' } });
    expect(!refused.ok && refused.fault.message).toMatch(/--key-file.*tls:.*unix:/);
  });

  test('is allowed with a key, from a file before one from the environment, or with tls: or a unix: path', () => {
    const file = { ...key, HOSTMESH_AGENT_KEY_FILE: '/etc/hostmesh/key' };
    expect(listenOn('tcp:0.0.0.0:0', file)).toMatchObject({
      value: { options: { key: { file: '/etc/hostmesh/key' } } },
    });
    const flagged = parseInvocation(['--key-file', '/run/key'], file);
    expect(flagged).toMatchObject({ value: { options: { key: { file: '/run/key' } } } });
    expect([listenOn('tls:0.0.0.0:1').ok, listenOn('unix:/run/hostmesh/agent').ok]).toEqual([true, true]);
  });

  test('a socket without a key is not in a data directory that procs of other users get through', () => {
    const inData = (...more: readonly string[]) =>
      parseInvocation(['--listen', 'unix:/srv/data/s', '--data-dir', '/srv/data/', ...more], {});
    expect(inData('--run-as', 'nobody')).toMatchObject({
      fault: { message: expect.stringMatching(/--run-as.*key/) },
    });
    expect([inData().ok, inData('--run-as', 'nobody', '--key-file', '/run/key').ok]).toEqual([true, true]);
  });

  test('an empty key is no key', () => {
    expect(listenOn('tcp:0.0.0.0:0', { HOSTMESH_AGENT_KEY: '' }).ok).toBe(false);
  });
});

test.each([
  [['--nonsense']],
  [['--listen']],
  [['positional']],
  [['--listen', 'nowhere']],
  [['--tls-cert', 'cert.pem']],
])('%j is refused with a sentence', (args) => {
  expect(parseInvocation(args, {})).toMatchObject({ ok: false, fault: { code: 'bad_usage' } });
});

test('a key that is too short is refused without repeating it', () => {
  const refused = parseInvocation([], { HOSTMESH_AGENT_KEY: 'two words' });
  expect(!refused.ok && refused.fault.message).toMatch(/HOSTMESH_AGENT_KEY: .* 9 bytes; 16/);
  expect(!refused.ok && refused.fault.message).not.toContain('two words');
  expect(refused.ok).toBe(false);
});

describe('the allow-list', () => {
  const allowOf = (args: readonly string[], env: Record<string, string> = {}) => {
    const parsed = parseInvocation(args, env);
    return parsed.ok && parsed.value.kind === 'run' ? parsed.value.options.allow.programs : parsed;
  };
  const elsewhere = ['--listen', 'tcp:0.0.0.0:0'];

  test('is everything on loopback, and empty where others can connect', () => {
    expect(allowOf([], key)).toEqual(['*']);
    expect(allowOf(['--listen', 'unix:/run/agent.sock'])).toEqual(['*']);
    expect(allowOf(elsewhere, key)).toEqual([]);
  });

  test('comes from the command line, else from the environment', () => {
    const env = { ...key, HOSTMESH_ALLOW_PROGRAMS: 'python3, /opt/train,' };
    expect(allowOf(elsewhere, env)).toEqual(['python3', '/opt/train']);
    expect(allowOf([...elsewhere, '--allow', 'node', '--allow', '/bin/x'], env)).toEqual(['node', '/bin/x']);
    expect(allowOf([], { ...key, HOSTMESH_ALLOW_PROGRAMS: '' })).toEqual([]);
  });

  test('comes with names of variables and with directories, none unless they are given', () => {
    const env = { ...key, HOSTMESH_ALLOW_ENV: 'TRAIN_*, LANG', HOSTMESH_ALLOW_CWD: '/data,/scratch' };
    const rulesOf = (args: readonly string[], given: Record<string, string>) => {
      const parsed = parseInvocation(args, given);
      return parsed.ok && parsed.value.kind === 'run' ? parsed.value.options.allow : parsed;
    };
    expect(rulesOf(['--allow', 'node'], key)).toEqual({ programs: ['node'], env: [], cwd: [] });
    expect(rulesOf(['--allow', 'node', '--allow-cwd', '/data'], env)).toEqual({
      programs: ['node'],
      env: ['TRAIN_*', 'LANG'],
      cwd: ['/data'],
    });
    expect(rulesOf([], env)).toMatchObject({ fault: { message: expect.stringContaining('--allow which') } });
  });

  test.each([
    ['--allow-env', 'A=1'],
    ['--allow-env', 'A B'],
    ['--allow-cwd', 'data'],
    ['--allow-cwd', '../data'],
  ])('%s %s is refused by its name', (flag, value) => {
    expect(parseInvocation(['--allow', 'node', flag, value], key)).toMatchObject({
      ok: false,
      fault: { code: 'bad_usage', message: expect.stringMatching(`^${flag} ${value}: give`) },
    });
  });

  test('has names and absolute paths, and no paths that depend on where one stands', () => {
    expect(allowOf(['--allow', './train'], key)).toMatchObject({ ok: false, fault: { code: 'bad_usage' } });
  });
});

test('who is told the metrics comes from the command line, else from the environment', () => {
  const env = { ...key, HOSTMESH_METRICS_TOKEN_FILE: '/run/token', HOSTMESH_METRICS: '' };
  const metricsOf = (args: readonly string[]) => parseInvocation(args, env);
  expect(metricsOf([])).toMatchObject({ value: { options: { metrics: { tokenFile: '/run/token' } } } });
  expect(metricsOf(['--metrics', 'open'])).toMatchObject({
    value: { options: { metrics: { access: 'open', tokenFile: undefined } } },
  });
});

test('help and version are answered whatever else is there', () => {
  expect(parseInvocation(['--help', '--listen', 'nowhere'], {})).toEqual({
    ok: true,
    value: { kind: 'help' },
  });
  expect(parseInvocation(['--version'], {})).toEqual({ ok: true, value: { kind: 'version' } });
});
