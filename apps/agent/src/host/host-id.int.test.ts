import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readProcess } from '../processes/processes.ts';
import { claimDataDir } from './data-dir-lock.ts';
import { loadHostIdentity } from './host-id.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'host-id-'));
});
afterEach(() => rm(parent, { recursive: true }));

const load = async (dataDir: string, machine?: string | null) => {
  const loaded = await loadHostIdentity(dataDir, machine);
  if (!loaded.ok) throw new Error(loaded.fault.message);
  return loaded.value;
};

test('an id is made once and stays', async () => {
  const dataDir = join(parent, 'a', 'b');
  const first = await load(dataDir);
  expect(first).toEqual({ host: { hostId: expect.stringMatching(/^host_/), former: null }, aside: null });
  expect(await load(dataDir)).toEqual(first);
});

test('only the owner can read it, and nothing else is left behind', async () => {
  const dataDir = join(parent, 'data');
  await load(dataDir);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, 'host-id'))).mode & 0o777).toBe(0o600);
  expect(await readdir(dataDir)).toEqual(['host-id']);
});

test('agents that start together on one directory agree on one id', async () => {
  const loaded = await Promise.all(Array.from({ length: 8 }, () => load(join(parent, 'shared'))));
  expect(new Set(loaded.map(({ host }) => host.hostId)).size).toBe(1);
});

test.each(['half an i', `host_${'0'.repeat(32)}\nhalf a not`])(
  'a file that is no id is refused by name and left as it is: %j',
  async (text) => {
    const file = join(parent, 'host-id');
    await writeFile(file, text);
    const loaded = await loadHostIdentity(parent);
    expect(!loaded.ok && loaded.fault.message).toContain(file);
    expect(await readFile(file, 'utf8')).toBe(text);
  },
);

test('a data directory that cannot be made is a fault that names it', async () => {
  await writeFile(join(parent, 'file'), '');
  const loaded = await loadHostIdentity(join(parent, 'file', 'below'));
  expect(loaded).toMatchObject({ ok: false, fault: { code: 'data_dir' } });
});

test('an id of before, without a place, stays that of the directory where it is found', async () => {
  const hostId = `host_${'1'.repeat(32)}`;
  await writeFile(join(parent, 'host-id'), `${hostId}\n`);
  expect((await load(parent)).host).toEqual({ hostId, former: null });
  cpSync(parent, `${parent}-copy`, { recursive: true });
  expect((await load(`${parent}-copy`)).host.former?.hostId).toBe(hostId);
  await rm(`${parent}-copy`, { recursive: true });
});

const home = () => join(parent, 'home');
test.each<[string, string, () => string, string | null]>([
  ['copied', 'm', () => (cpSync(home(), join(parent, 'new'), { recursive: true }), join(parent, 'new')), 'm'],
  ['moved', 'm', () => (renameSync(home(), join(parent, 'new')), join(parent, 'new')), 'm'],
  ['part of the image of another machine', 'm', home, 'another'],
  [
    'restored from a copy',
    'm',
    () => {
      cpSync(home(), join(parent, 'saved'), { recursive: true });
      renameSync(home(), join(parent, 'old'));
      renameSync(join(parent, 'saved'), home());
      return home();
    },
    null,
  ],
])(
  'a directory that was %s is another host, once, and what it has of the former one is set aside',
  async (_, machine, takeAway, there) => {
    const { host } = await load(home(), machine);
    mkdirSync(join(home(), 'procs', 'p1'), { recursive: true });
    writeFileSync(join(home(), 'operators-own'), '');
    const dataDir = takeAway();
    const { host: other, aside } = await load(dataDir, there);
    expect(other).toEqual({
      hostId: expect.not.stringMatching(host.hostId),
      former: { hostId: host.hostId, reason: expect.any(String) },
    });
    expect(await readdir(join(aside ?? '', 'procs'))).toEqual(['p1']);
    expect((await readdir(dataDir)).toSorted()).toEqual(['former', 'host-id', 'operators-own']);
    expect(await load(dataDir, there)).toEqual({ host: other, aside: null });
  },
);

test('a machine that loses or gets its id, and another path to the directory, change nothing', async () => {
  const { host } = await load(home(), 'm');
  symlinkSync(home(), join(parent, 'link'));
  for (const machine of [null, 'm', null])
    expect((await load(join(parent, 'link'), machine)).host).toEqual(host);
});

test('a lock holds by whatever path, and not for a copy of the directory', () => {
  mkdirSync(home());
  // The agent that started us: it runs as long as this test does.
  const ticks = readProcess(process.ppid)?.startTicks;
  expect(claimDataDir(home()).ok).toBe(true);
  const lock = join(home(), 'agent.lock');
  writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+ \d+/, `${process.ppid} ${ticks}`));
  symlinkSync(home(), join(parent, 'link'));
  expect(claimDataDir(join(parent, 'link'))).toMatchObject({ ok: false, fault: { code: 'data_dir' } });
  cpSync(home(), join(parent, 'copy'), { recursive: true });
  expect(claimDataDir(join(parent, 'copy')).ok).toBe(true);
});
