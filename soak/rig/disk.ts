import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK = Buffer.alloc(64 * 1024, 1);

/** A directory that can be filled up without filling the machine. */
export interface Disk {
  readonly path: string;
  /** Whether it is a disk of its own: only then `fill` does anything. */
  readonly canFill: boolean;
  readonly isFull: () => boolean;
  /** Writes until nothing more fits. */
  fill(): void;
  /** Takes back what `fill` has written. */
  free(): void;
  /** Gives the directory up, with all that is in it. */
  remove(): void;
}

/** Makes a directory that is a disk of this size, in memory, where this user may mount one. */
export function makeDisk(path: string, sizeMb: number): Disk {
  mkdirSync(path, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', path]).status === 0;
  const filler = join(path, 'filler');
  return {
    path,
    canFill: mounted,
    isFull: () => existsSync(filler),
    fill: () => void (mounted && writeUntilFull(filler)),
    free: () => rmSync(filler, { force: true }),
    remove() {
      if (mounted) spawnSync('umount', ['--lazy', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function writeUntilFull(file: string): void {
  const opened = openSync(file, 'a', 0o600);
  try {
    for (const size of [CHUNK.length, 512, 1]) writeWhileItFits(opened, size);
  } finally {
    closeSync(opened);
  }
}

function writeWhileItFits(opened: number, size: number): void {
  try {
    for (;;) writeSync(opened, CHUNK, 0, size);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
    throw error;
  }
}
