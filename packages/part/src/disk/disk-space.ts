import { readFile, realpath, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How much room the disk of a path has. */
export interface DiskSpace {
  readonly path: string;
  /** Where the file system of the path is mounted; the path itself where the system does not tell. */
  readonly mountPoint: string;
  /** What this user may still fill. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

const fullCodes = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Whether a write failed because there is no room: the disk is full, a quota or the limit of a file's size reached. */
export const isDiskFull = (error: unknown): boolean => fullCodes.includes(errnoOf(error));

/** The code of what a system call threw; empty for anything else. */
export const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Looks at the disk of a path, or of the nearest directory above it that exists. */
export async function readDiskSpace(path: string): Promise<DiskSpace> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return {
      path,
      mountPoint: await mountPointOf(await realpath(path)),
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
    };
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return { ...(await readDiskSpace(dirname(path))), path };
  }
}

/** As in `the disk /data has 0 B of 8 MiB free (/data/hostmesh)`. */
export const printDiskSpace = ({ mountPoint, freeBytes, totalBytes, path }: DiskSpace): string =>
  `the disk ${mountPoint} has ${printBytes(freeBytes)} of ${printBytes(totalBytes)} free (${path})`;

/** In the largest unit that leaves a whole part. */
export function printBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power]}`;
}

/** Where the file system of a path is mounted: the longest mount point above it. */
export async function mountPointOf(path: string): Promise<string> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const points = table.split('\n').flatMap((line) => line.split(' ')[4]?.replaceAll('\\040', ' ') ?? []);
  const isAbove = (point: string) => point === '/' || path === point || path.startsWith(`${point}/`);
  return points.filter(isAbove).sort((a, b) => b.length - a.length)[0] ?? path;
}
