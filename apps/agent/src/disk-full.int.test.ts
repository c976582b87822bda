import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isReady, startProcAgent } from './testing/proc-agent.ts';
import { shell, spawnOf, specOf } from './testing/proc-fixtures.ts';

/** A disk of 2 MiB, where this user may mount one. */
function smallDisk(): string | null {
  const dir = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir]).status === 0;
  onTestFinished(() => {
    if (mounted) spawnSync('umount', ['-l', dir]);
    rmdirSync(dir);
  });
  return mounted ? dir : null;
}

test('an agent on a full disk refuses what it cannot record, names the disk, and goes on when there is room', async ({
  skip,
}) => {
  const disk = smallDisk();
  if (disk === null) return skip('only root can mount a disk to fill');
  await using agent = await startProcAgent({ dataDir: join(disk, 'agent') });
  const command = shell('echo up; sleep 1000');
  await agent.spawn([specOf('before', { command })]);
  await agent.until('before', isReady);
  expect(() => writeFileSync(join(disk, 'fill'), Buffer.alloc(4 * 1024 * 1024))).toThrow('ENOSPC');
  const refused = await agent.ask(spawnOf([specOf('during', { command })]), 'refused');
  expect(refused).toMatchObject({ code: 'disk_full' });
  expect(JSON.stringify(refused)).toContain(`the disk of ${disk}/agent/procs is full (`);
  rmSync(join(disk, 'fill'));
  await agent.spawn([specOf('after', { command })]);
  for (const id of ['before', 'after']) await agent.until(id, isReady);
});
