import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tryDisk, whyNotWritten } from './disk-fault.ts';

/** A small disk mounted with these options; null where this user may mount none. */
function mounted(options: string): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'disk-fault-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]).status === 0;
  onTestFinished(() => {
    if (isMounted) spawnSync('umount', ['-l', dir]);
    rmdirSync(dir);
  });
  return isMounted ? dir : null;
}

test('a disk without room, without inodes, or read-only is told by its name and by what it lacks; nothing is left there', async ({
  skip,
}) => {
  const full = mounted('size=64k');
  const crowded = mounted('size=1m,nr_inodes=2');
  const closed = mounted('size=64k,ro');
  if (full === null || crowded === null || closed === null) return skip('only root can mount a disk');
  expect(await tryDisk(full)).toBeNull();
  expect(readdirSync(full)).toEqual([]);
  expect(() => writeFileSync(join(full, 'fill'), Buffer.alloc(1024 * 1024))).toThrow('ENOSPC');
  expect(await tryDisk(full)).toEqual({
    isFull: true,
    message: `the disk is full: the disk ${full} has 0 B of 64 KiB free (${full})`,
  });
  writeFileSync(join(crowded, 'one'), '');
  expect(await tryDisk(crowded)).toMatchObject({
    isFull: true,
    message: expect.stringContaining('(inodes)') as string,
  });
  expect(await tryDisk(closed)).toMatchObject({
    isFull: false,
    message: expect.stringContaining(`the disk ${closed} is mounted read-only`) as string,
  });
});

test('what else keeps a file from being written is told as it is', async () => {
  const errorOf = (code: string) => Object.assign(new Error(`${code}: no`), { code });
  expect(await whyNotWritten(errorOf('EDQUOT'), '/')).toBe(
    'the quota of this user on the disk / is used up (/)',
  );
  expect(await whyNotWritten(errorOf('EIO'), '/')).toContain('the disk / fails');
  expect(await whyNotWritten(errorOf('EACCES'), '/x')).toBe('EACCES: no');
});
