import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@hostmesh/db/testing';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadSettings } from '../settings/settings.ts';
import { atEnd } from '../testing/per-file.ts';
import { runApi } from './run-api.ts';

async function startOn(dataDir: string): Promise<unknown> {
  const { url, release } = await createTestDatabase();
  atEnd(release);
  const env = { HOSTMESH_DATA_DIR: dataDir, HOSTMESH_API_PORT: '0', DATABASE_URL: url };
  const settings = loadSettings(env);
  if (!settings.ok) throw new Error(settings.fault.message);
  const log = pino({ level: 'silent' });
  return runApi(settings.value, { env, version: '0', log, say: () => undefined });
}

async function aDirectory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'run-api-'));
  atEnd(() => rm(dir, { recursive: true }));
  return dir;
}

test.skipIf(process.platform !== 'linux').each(['instance-id', 'admin-token'])(
  'a full disk at the first write of %s is told in a sentence that names the disk',
  async (file) => {
    const dir = await aDirectory();
    await symlink('/dev/full', join(dir, `${file}.new`));
    const fault = { code: 'data_dir_unusable', final: false };
    const message = expect.stringMatching(
      /^The data directory .* cannot be used: the disk is full: the disk \/.* free \(.*\)\. What was/,
    );
    expect(await startOn(dir)).toMatchObject({ ok: false, fault: { ...fault, message } });
  },
);

test('a data directory that cannot be one is told with what the system says', async () => {
  const file = join(await aDirectory(), 'file');
  await writeFile(file, '');
  const message = expect.stringContaining(`The data directory ${file}/data cannot be used: ENOTDIR`);
  expect(await startOn(join(file, 'data'))).toMatchObject({ ok: false, fault: { message } });
});
