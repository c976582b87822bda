import { aMesh, anExit, aProc, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { page, problem, runWith } from '../testing/stand-in-api.ts';

const spawn = 'POST /meshes/mesh_1/proc-meshes';
const meshes = { 'GET /meshes': page(aMesh()) };
const spawning = aProcMesh({ state: 'spawning', readyAt: null, counts: someCounts({ NotExist: 2 }) });

test('what is after `--` is the command, options and all', async () => {
  const { sent } = await runWith({ ...meshes, [spawn]: () => spawning }, [
    'run',
    'train',
    ...[
      '-p',
      'gpus=2',
      '--bind',
      'cpus=0-3',
      '--bind',
      'cpunodebind=1 membind=1',
      '--env',
      'A=1',
      '--cwd',
      '/srv',
      '--run-as',
      'nobody',
      '--ready',
      'tcp:80',
      '--ready-timeout',
      '5s',
    ],
    ...['--restart', 'always:2', '--keep', '-t', '1m', '--name', 'w', '--no-wait', '--idempotency-key', 'k'],
    ...['--', '/bin/sh', '-c', 'echo --json', '--json', '--', '-x'],
  ]);
  const request = sent.find(({ route }) => route === spawn);
  expect(request?.headers.get('prefer')).toBe('respond-async');
  expect(request?.headers.get('idempotency-key')).toBe('k');
  expect(request?.body).toEqual({
    name: 'w',
    perHost: { gpus: 2 },
    procBind: [{ cpus: '0-3' }, { cpunodebind: '1', membind: '1' }],
    command: {
      program: '/bin/sh',
      args: ['-c', 'echo --json', '--json', '--', '-x'],
      env: { A: '1' },
      cwd: '/srv',
      runAs: 'nobody',
    },
    readiness: { kind: 'tcp', port: 80, timeout: '5s' },
    restart: { policy: 'always', limit: 2 },
    keep: true,
    timeout: '1m',
  });
});

test('without options the request says only what to run, and the name is the program’s', async () => {
  const { sent, code } = await runWith({ ...meshes, [spawn]: () => spawning }, [
    ...['run', 'train', '--no-wait', '/usr/bin/sleep', '60'],
  ]);
  expect(code).toBe(0);
  expect(sent.at(-1)?.body).toEqual({
    name: 'sleep',
    perHost: {},
    command: { program: '/usr/bin/sleep', args: ['60'] },
  });
});

test('a run waits until every rank is ready', async () => {
  const { code, out } = await runWith(
    { ...meshes, [spawn]: () => spawning, 'GET /proc-meshes/pm_1': () => aProcMesh() },
    ['run', 'train', 'sleep'],
  );
  expect(code).toBe(0);
  expect(out).toContain('pm_1  workers  running');
});

test('a spawn that fails names the ranks with their stderr, and exits with 1', async () => {
  const failure = { ...anExit(1, 3), stderrTail: ['no such file\u001b[2J'] };
  const failed = aProcMesh({
    state: 'spawn_failed',
    readyAt: null,
    endedAt: failure.since,
    failures: [failure],
  });
  const answers = { ...meshes, [spawn]: () => spawning, 'GET /proc-meshes/pm_1': () => failed };
  const { code, out } = await runWith(answers, ['run', 'train', 'sleep']);
  expect(code).toBe(1);
  expect(out).toContain('rank 1 on tcp:10.0.0.1:26600: exited with code 3');
  expect(out).toContain('no such file\uFFFD[2J');
  const json = await runWith(answers, ['run', '--json', 'train', 'sleep']);
  expect(JSON.parse(json.out)).toMatchObject({ state: 'spawn_failed' });
});

test('with --wait the exit code is that of the first rank that did not exit with 0', async () => {
  const ended = aProcMesh({ counts: someCounts({ Stopped: 1, Failed: 1 }) });
  const { code } = await runWith(
    {
      ...meshes,
      [spawn]: () => spawning,
      'GET /proc-meshes/pm_1': () => ended,
      'GET /proc-meshes/pm_1/procs': page(anExit(0, 0), anExit(1, 42)),
    },
    ['run', '--wait', 'train', 'sleep'],
  );
  expect(code).toBe(42);
});

test('with --follow the output of all ranks is shown, and the exit code follows the procs', async () => {
  const entry = (seq: number, text: string) => ({
    seq,
    stream: 'stdout',
    at: aProc().since,
    text,
    partial: false,
  });
  const output = (text: string) => () => [
    { type: 'entries', entries: [entry(1, text)], open: [] },
    { type: 'ended' },
  ];
  const { code, out } = await runWith(
    {
      ...meshes,
      [spawn]: () => spawning,
      'GET /proc-meshes/pm_1': () => aProcMesh({ counts: someCounts({ Stopped: 1, Failed: 1 }) }),
      'GET /proc-meshes/pm_1/procs': page(anExit(0, 0), anExit(1, 5)),
      'GET /procs/proc-0/logs': output('hello'),
      'GET /procs/proc-1/logs': output('oh'),
    },
    ['run', '--follow', 'train', 'sleep'],
  );
  expect(code).toBe(5);
  expect(out).toContain('[0] hello');
  expect(out).toContain('[1] oh');
});

test.each([
  ['--per-host', 'gpus'],
  ['--env', 'A'],
  ['--ready', 'soon'],
  ['--restart', 'maybe'],
])('%s %s is refused before anything is asked', async (option, value) => {
  const { code, err, sent } = await runWith(meshes, ['run', option, value, 'train', 'sleep']);
  expect(code).toBe(2);
  expect(err).toContain(option);
  expect(sent).toEqual([]);
});

test('what the API refuses is said field by field', async () => {
  const errors = [{ field: 'perHost.hosts', message: 'overlaps' }];
  const refused = { ...meshes, [spawn]: () => problem(400, 'invalid_request', { errors }) };
  const { code, err } = await runWith(refused, ['run', 'train', 'sleep']);
  expect(code).toBe(2);
  expect(err).toContain('perHost.hosts: overlaps');
});
