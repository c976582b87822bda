import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadHostId } from './host-id.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'host-id-'));
});
afterEach(() => rm(parent, { recursive: true }));

test('an id is made once and stays', async () => {
  const dataDir = join(parent, 'a', 'b');
  const first = await loadHostId(dataDir);
  expect(first).toMatchObject({ ok: true, value: expect.stringMatching(/^host_/) });
  expect(await loadHostId(dataDir)).toEqual(first);
});

test('only the owner can read it, and nothing else is left behind', async () => {
  const dataDir = join(parent, 'data');
  await loadHostId(dataDir);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, 'host-id'))).mode & 0o777).toBe(0o600);
  expect(await readdir(dataDir)).toEqual(['host-id']);
});

test('agents that start together on one directory agree on one id', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => loadHostId(join(parent, 'shared'))));
  expect(new Set(ids.map((id) => id.ok && id.value)).size).toBe(1);
});

test('a file that is no id is refused by name and left as it is', async () => {
  const file = join(parent, 'host-id');
  await writeFile(file, 'half an i');
  const loaded = await loadHostId(parent);
  expect(!loaded.ok && loaded.fault.message).toContain(file);
  expect(await readFile(file, 'utf8')).toBe('half an i');
});

test('a data directory that cannot be made is a fault that names it', async () => {
  await writeFile(join(parent, 'file'), '');
  const loaded = await loadHostId(join(parent, 'file', 'below'));
  expect(loaded).toMatchObject({ ok: false, fault: { code: 'data_dir' } });
});
