import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GIVEN_SECRET } from '../stack/stack.ts';
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

test('no secret is in the environment or the arguments of any process of `npm start`, given to it or its own', async ({
  stack,
}) => {
  const files = ['agent-key', 'admin-token', 'postgres/password'];
  const own = await Promise.all(files.map((file) => readFile(join(stack.dataDir, file), 'utf8')));
  const secrets = [GIVEN_SECRET, ...own.map((text) => text.trim())];
  const supervisor = Number(await readFile(join(stack.dataDir, 'supervisor.pid'), 'utf8'));
  const told = await Promise.all((await treeOf(supervisor)).map((pid) => toldOf(pid).catch(() => '')));
  for (const part of ['start.ts', 'postgres/main.ts', 'cluster', 'apps/agent/src', 'api/src/main.ts', 'next'])
    expect(
      told.some((text) => text.includes(part)),
      part,
    ).toBe(true);
  expect(told.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
});
