import { randomUUID } from 'node:crypto';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, isDiskFull, mountPointOf, printDiskSpace, readDiskSpace } from './disk-space.ts';

/** Why nothing can be written to a disk; `isFull`: there is no room, of whatever kind. */
export interface DiskFault {
  readonly isFull: boolean;
  readonly message: string;
}

/** So much is written to see whether it can be, unless said otherwise. */
const PROBE_BYTES = 4096;

/** Writes a file of this size into a directory and removes it again; null when that worked. */
export async function tryDisk(dir: string, bytes = PROBE_BYTES): Promise<DiskFault | null> {
  // Several may try at once.
  const file = join(dir, `.written-${randomUUID()}`);
  try {
    await writeFile(file, Buffer.alloc(bytes), { mode: 0o600, flag: 'wx' });
    return null;
  } catch (error) {
    return { isFull: isDiskFull(error), message: await whyNotWritten(error, dir) };
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

/** What a write below `dir` failed of: names the disk, and what to do where we know it. */
export async function whyNotWritten(error: unknown, dir: string): Promise<string> {
  const code = errnoOf(error);
  const disk = `the disk ${await mountPointOf(dir)}`;
  switch (code) {
    case 'ENOSPC':
      return (await hasNoInodes(dir))
        ? `${disk} can hold no further file, whatever their size (inodes): remove some (${dir})`
        : `the disk is full: ${await readDiskSpace(dir).then(printDiskSpace, () => `${disk} (${dir})`)}`;
    case 'EDQUOT':
      return `the quota of this user on ${disk} is used up (${dir})`;
    case 'EROFS':
      return `${disk} is mounted read-only, as the system does with one that fails (${dir})`;
    case 'EIO':
      return `${disk} fails (EIO), see the kernel's log (${dir})`;
    case 'ENOENT':
      return `${dir} is not there any more`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

async function hasNoInodes(dir: string): Promise<boolean> {
  try {
    const { files, ffree, bavail } = await statfs(dir);
    return files > 0 && ffree === 0 && bavail > 0;
  } catch {
    return false;
  }
}
