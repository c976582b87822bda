import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GIVEN_SECRET, type Stack } from '../stack/stack.ts';
import { expect, test } from '../stack/story.ts';

test.skip(process.platform !== 'linux', 'processes are looked at in /proc');

/** What every process of its user can read of a process: its environment and its arguments; empty where it has ended. */
const toldOf = async (pid: number): Promise<string> =>
  (await Promise.all(['environ', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'latin1')))).join(
    '\0',
  );

/** A process and all that it has started, directly or not. */
async function treeOf(root: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')));
  const children = Map.groupBy(pids.keys(), (at) => Number(/\) \S (\d+) [^)]*$/.exec(stats[at] ?? '')?.[1]));
  const below = (pid: number): number[] => [
    pid,
    ...(children.get(pid) ?? []).flatMap((at) => below(pids[at] ?? 0)),
  ];
  return below(root);
}

/** The secrets of the product, and all of its processes. */
async function lookAt({ dataDir }: Stack): Promise<{ secrets: string[]; pids: number[] }> {
  const files = ['agent-key', 'admin-token', 'postgres/password'];
  const own = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'utf8')));
  const supervisor = Number(await readFile(join(dataDir, 'supervisor.pid'), 'utf8'));
  return { secrets: [GIVEN_SECRET, ...own.map((text) => text.trim())], pids: await treeOf(supervisor) };
}

test('no secret is in the environment or the arguments of any process of `npm start`, given to it or its own', async ({
  stack,
}) => {
  const { secrets, pids } = await lookAt(stack);
  const told = await Promise.all(pids.map((pid) => toldOf(pid).catch(() => '')));
  for (const part of [
    'start.ts',
    'postgres/main.ts',
    'cluster',
    'apps/agent/src',
    'api/src/main.ts',
    'apps/web/server',
  ])
    expect(
      told.some((text) => text.includes(part)),
      part,
    ).toBe(true);
  expect(told.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
});

/** All that a process of another user can do to read files and processes, in a data directory and of these processes. */
const ATTACK = `
dir=$1; shift
for pid; do
  for what in environ cmdline auxv maps; do cat /proc/$pid/$what; done
  head -c 4096 /proc/$pid/mem
  timeout 1 cat /proc/$pid/fd/0 /proc/$pid/fd/3 /proc/$pid/fd/20
  cat "$dir/secrets/DATABASE_URL.$pid" "$dir/secrets/PGPASSWORD.$pid"
  find /proc/$pid/cwd/ /proc/$pid/root$dir -type f -exec cat {} +
done
find "$dir" -type f -exec cat {} +
for name in agent-key admin-token api.pid postgres/password postgres/postgres.log agents/1/client-config.json; do cat "$dir/$name"; done
for log in api agent-1 postgres web; do cat "$dir/logs/$log.log"; done
`;

test('a process of another user finds no secret in processes and files of `npm start`', async ({ stack }) => {
  test.skip(process.getuid?.() !== 0, 'only root can become another user');
  const { secrets, pids } = await lookAt(stack);
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', 'sh', '-c', ATTACK, 'sh'];
  const args = [...nobody, stack.dataDir, ...pids.map(String)];
  const { stdout, stderr } = spawnSync('setpriv', args, {
    encoding: 'latin1',
    cwd: '/',
    maxBuffer: Infinity,
  });
  // It has tried: what everybody may read it has read, and the rest was refused.
  expect([stdout.includes('start.ts'), stderr.includes('Permission denied')]).toEqual([true, true]);
  expect(secrets.filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
});
