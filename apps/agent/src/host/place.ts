import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';

/**
 * Where a data directory is. Its device is left out: file systems without one of their own get another number at every
 * start of the machine.
 */
export interface DirPlace {
  /** A hash of the machine's id, which is nobody else's business; null where it has none. */
  readonly machine: string | null;
  readonly path: string;
  readonly inode: number;
}

/** Whether this is a place that was written down. */
export const isDirPlace = (value: unknown): value is DirPlace =>
  typeof value === 'object' &&
  value !== null &&
  'machine' in value &&
  (value.machine === null || typeof value.machine === 'string') &&
  'path' in value &&
  typeof value.path === 'string' &&
  'inode' in value &&
  typeof value.inode === 'number';

/** Where a machine's id is, the better one first (machine-id(5)). */
const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/** A hash of this machine's id; null where it has none, as in many containers: then the directory alone counts. */
export function readMachine(files: readonly string[] = MACHINE_ID_FILES): string | null {
  for (const file of files) {
    const id = contentOf(file);
    if (/^[0-9a-f]{32}$/.test(id)) return createHash('sha256').update(`hostmesh ${id}`).digest('hex');
  }
  return null;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Where a directory that is there is now. */
export const placeOf = (dir: string, machine: string | null): DirPlace => ({
  machine,
  path: realpathSync(dir),
  inode: statSync(dir).ino,
});

/** In words, why a directory is not the one that was written down: it was copied or moved. Null when it is. */
export function whyElsewhere(noted: DirPlace, here: DirPlace): string | null {
  if (noted.machine !== null && here.machine !== null && noted.machine !== here.machine)
    return 'its data directory comes from another machine';
  if (noted.path !== here.path) return `its data directory was copied or moved from ${noted.path}`;
  return noted.inode === here.inode ? null : 'its data directory was copied or restored';
}
