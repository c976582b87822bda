import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SmallDisk } from '../testing/small-disk.ts';
import { LogFile } from './log-file.ts';

async function fixture(options: { disk?: SmallDisk; maxFileBytes?: number; maxWaitingBytes?: number } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'log-file-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const said: string[] = [];
  const log = new LogFile(join(dir, 'x.log'), { say: (line) => said.push(line), retryMs: 1, ...options });
  const text = (name = 'x.log') => readFile(join(dir, name), 'utf8');
  return { dir, said, log, text };
}

test('a log stays within its files, the oldest goes', async () => {
  const { dir, log, text, said } = await fixture({ maxFileBytes: 10 });
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n', 'seven\n'])
    await log.write(line);
  expect((await readdir(dir)).sort()).toEqual(['x.log', 'x.log.1', 'x.log.2']);
  expect(await text()).toBe('six\nseven\n');
  expect(await text('x.log.1')).toBe('four\nfive\n');
  expect(said).toEqual([]);
});

test('what a full disk does not take is said once, waits in memory, and is written when there is room', async () => {
  const disk = new SmallDisk(8);
  const { log, text, said } = await fixture({ disk });
  await log.write('one\n');
  await log.write('does not fit\n');
  await log.write('nor does this\n');
  expect(said).toEqual([expect.stringMatching(/cannot be written \(ENOSPC: .*kept in memory$/)]);
  expect(await text()).toBe('one\n');
  disk.freeBytes = 1000;
  await expect.poll(() => said).toHaveLength(2);
  expect(said[1]).toMatch(/can be written again; nothing of it is missing$/);
  expect(await text()).toBe('one\ndoes not fit\nnor does this\n');
});

test('what memory cannot keep is missing, and the log says how much', async () => {
  const disk = new SmallDisk(0);
  const { log, text, said } = await fixture({ disk, maxWaitingBytes: 10 });
  for (const line of ['aaaaaaaa\n', 'bbbbbbbb\n', 'cccccccc\n']) await log.write(line);
  disk.freeBytes = 1000;
  await expect.poll(() => said).toHaveLength(2);
  expect(said[1]).toMatch(/18 B of it is missing$/);
  expect(await text()).toBe('[18 B of this log could not be kept]\ncccccccc\n');
});

test('whoever closes a log on a full disk does not wait for it', async () => {
  const { log, said } = await fixture({ disk: new SmallDisk(0) });
  await log.write('lost\n');
  await log.close();
  expect(said).toHaveLength(1);
});
