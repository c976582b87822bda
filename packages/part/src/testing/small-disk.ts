import { appendFile, rename, stat, truncate } from 'node:fs/promises';
import type { LogDisk } from '../disk/log-file.ts';

/** A real directory in which only so much may still be written; a write that does not fit leaves a part of it behind. */
export class SmallDisk implements LogDisk {
  freeBytes: number;

  constructor(freeBytes: number) {
    this.freeBytes = freeBytes;
  }

  async append(file: string, data: Buffer): Promise<void> {
    const room = data.subarray(0, this.freeBytes);
    await appendFile(file, room);
    this.freeBytes -= room.length;
    if (room.length < data.length) {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
  }

  async truncate(file: string, sizeBytes: number): Promise<void> {
    const sizeBefore = await this.sizeOf(file);
    this.freeBytes += Math.max(0, sizeBefore - sizeBytes);
    await truncate(file, sizeBytes);
  }

  sizeOf(file: string): Promise<number> {
    return stat(file).then(
      ({ size }) => size,
      () => 0,
    );
  }

  readonly rename = rename;
}
