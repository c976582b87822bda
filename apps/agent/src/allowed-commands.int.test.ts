import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcSpec } from '@hostmesh/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from './testing/connect.ts';
import { isOver, isReady, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { specOf, spawnOf } from './testing/proc-fixtures.ts';

let dir = '';
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'allowed-')));
  await mkdir(join(dir, 'jobs'));
  await symlink('/etc', join(dir, 'jobs/out'));
  const script = '#!/bin/bash\npwd\necho "$TRAIN_STEPS $0"\nexec sleep "${1-0}"\n';
  await writeFile(join(dir, 'job.sh'), script, { mode: 0o755 });
  await writeFile(join(dir, 'open.sh'), script);
  await symlink(join(dir, 'job.sh'), join(dir, 'jobs/job.sh'));
});
afterAll(() => rm(dir, { recursive: true }));

const rules = () => [
  '--allow',
  join(dir, 'job.sh'),
  '--allow-env',
  'TRAIN_*',
  '--allow-cwd',
  join(dir, 'jobs'),
];
const job = (changes: Partial<ProcSpec['command']> = {}): ProcSpec['command'] => ({
  program: join(dir, 'job.sh'),
  args: [],
  arg0: null,
  env: {},
  cwd: null,
  runAs: null,
  ...changes,
});

const checkOf = ({ program, arg0, env, cwd }: ProcSpec['command']) => ({
  type: 'check_spawn' as const,
  id: '',
  specs: [
    { program, arg0, envNames: Object.keys(env), path: env['PATH'] ?? null, cwd, bind: null, runAs: null },
  ],
});

test('where programs are listed, no variable, directory or name makes one run other code: refused before anything starts', async () => {
  await using agent = await startProcAgent({ args: rules() });
  const ran = join(dir, 'ran');
  const cases: [string, RegExp, Partial<ProcSpec['command']>][] = [
    ['env_refused', /set BASH_ENV:.*--allow-env/, { env: { TRAIN_STEPS: '1', BASH_ENV: `$(touch ${ran})` } }],
    ['env_refused', /set LD_PRELOAD, PATH:/, { env: { LD_PRELOAD: '/x.so', PATH: dir } }],
    ['cwd_refused', /start in '\/tmp':.*--allow-cwd/, { cwd: '/tmp' }],
    ['cwd_refused', /jobs\/out'/, { cwd: join(dir, 'jobs/out') }],
    ['arg0_refused', /arg0 '-bash'/, { arg0: '-bash' }],
    ['program_refused', /'bash'/, { program: 'bash' }],
  ];
  for (const [code, message, changes] of cases) {
    const command = job(changes);
    const refused = await ask(
      agent.connection,
      spawnOf([specOf('fine', { command: job() }), specOf('bad', { command })]),
    );
    expect(refused).toMatchObject({ kind: 'refused', code, message: expect.stringMatching(message) });
    const { refusals } = await agent.ask(checkOf(command), 'spawn_checked');
    expect(refusals).toMatchObject([{ index: 0, code, message: expect.stringMatching(message) }]);
  }
  const { procs } = await agent.ask({ type: 'list_procs', id: '' }, 'proc_states');
  expect([procs, existsSync(ran)]).toEqual([[], false]);

  const program = join(dir, 'jobs/job.sh');
  const command = job({ program, env: { TRAIN_STEPS: '7' }, cwd: join(dir, 'jobs') });
  await agent.spawn([specOf('good', { command })]);
  expect(await agent.until('good', isOver)).toMatchObject({ status: { exitCode: 0 } });
  expect(await agent.stdout('good')).toEqual([join(dir, 'jobs'), `7 ${join(dir, 'job.sh')}`]);
});

test('an agent that comes back with a smaller list says what runs against it, and starts nothing of that again', async () => {
  const dataDir = join(dir, 'data');
  const restart = { policy: 'always', limit: 9, backoffMs: 1, maxBackoffMs: 1, resetAfterMs: 1 } as const;
  const commands = {
    env: job({ env: { TRAIN_STEPS: '1' }, args: ['1000'] }),
    cwd: job({ cwd: join(dir, 'jobs'), args: ['1000'] }),
    fine: job({ args: ['1000'] }),
  };
  const procIds = Object.keys(commands);
  const start = (args: readonly string[]) => startProcAgent({ args, dataDir });
  const pidOf = async (agent: ProcAgent, procId: string) => (await agent.until(procId, isReady)).pid ?? 0;

  await using first = await start(rules());
  const specs = Object.entries(commands).map(([procId, command]) => specOf(procId, { command, restart }));
  await first.spawn(specs, { keep: true });
  for (const procId of procIds) await pidOf(first, procId);
  first.process.child.kill('SIGKILL');
  await first.process.ended;

  // That it says, too: who can change a listed file decides what runs.
  await chmod(join(dir, 'open.sh'), 0o777);
  await using second = await start(['--allow', join(dir, 'job.sh'), '--allow', join(dir, 'open.sh')]);
  for (const procId of procIds) process.kill(await pidOf(second, procId), 'SIGKILL');
  for (const procId of ['env', 'cwd']) {
    const startFault = `${procId}_refused`;
    expect(await second.until(procId, isOver)).toMatchObject({ status: { kind: 'Failed' }, startFault });
    expect(second.process.log).toContainEqual(
      expect.objectContaining({ event: 'agent.runs_unlisted', procId, code: startFault }),
    );
  }
  await second.until('fine', ({ status, adopted }) => status.kind === 'Ready' && !adopted);
  expect(second.process.log.filter(({ event }) => event === 'agent.runs_unlisted')).toHaveLength(2);
  expect(second.process.log.filter(({ event }) => event === 'agent.list_open')).toMatchObject([
    { path: join(dir, 'open.sh'), msg: expect.stringContaining('(mode 0777)') },
  ]);
  await second.drain();
});
