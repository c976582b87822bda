import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'write-whole-'));
});
afterAll(() => rm(dir, { recursive: true }));

test.skipIf(process.platform !== 'linux')(
  'on a full disk a file stays what it was, and nothing is left over',
  async () => {
    const file = join(dir, 'secret');
    await writeWhole(file, 'first');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    // Whatever is written there fails as on a full disk.
    await symlink('/dev/full', `${file}.new`);
    await expect(writeWhole(file, 'second')).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readFile(file, 'utf8')).toBe('first');
    expect(await readdir(dir)).toEqual(['secret']);
    await writeWhole(file, 'third');
    expect(await readFile(file, 'utf8')).toBe('third');
  },
);
