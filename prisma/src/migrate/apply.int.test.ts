import { expect, onTestFinished, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '../testing.ts';
import { valueOf } from '../testing/fixture.ts';
import { databaseUrl, runSql } from '../testing/template.ts';
import { applyMigrations } from './apply.ts';
import { noFilter, startEngine } from './engine.ts';
import { listMigrations } from './pending.ts';

/** A database with nothing in it, on the server of the run. */
async function emptyDatabase(): Promise<string> {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const name = `hostmesh_empty_${randomUUID()}`;
  await runSql(url, `CREATE DATABASE "${name}" TEMPLATE template0`);
  onTestFinished(() => runSql(url, `DROP DATABASE "${name}" WITH (FORCE)`));
  return databaseUrl(url, name);
}

test('a second run applies nothing', async () => {
  const url = await emptyDatabase();
  expect(valueOf(await applyMigrations(url))).toEqual(await listMigrations());
  expect(valueOf(await applyMigrations(url))).toEqual([]);
});

test('replicas that migrate at once apply every migration once', async () => {
  const url = await emptyDatabase();
  const runs = (await Promise.all([1, 2, 3, 4].map(() => applyMigrations(url)))).map(valueOf);
  expect(runs.flat()).toEqual(await listMigrations());
});

test('a migration that fails half way leaves nothing behind', async () => {
  const url = await emptyDatabase();
  await using engine = await startEngine(url);
  const script = `CREATE TABLE half (id int); -- one; two\nSELECT no_such_function();`;
  const migrationsList = {
    baseDir: '/migrations',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
    shadowDbInitScript: '',
    migrationDirectories: [
      {
        path: '1_half',
        migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
      },
    ],
  };
  await expect(engine.run.applyMigrations({ migrationsList, filters: noFilter })).rejects.toThrow('1_half');
  await expect(runSql(url, 'SELECT FROM half')).rejects.toThrow('does not exist');
});

test('a database that cannot be migrated is reported, and can be once the reason is gone', async () => {
  const url = await emptyDatabase();
  await runSql(url, `CREATE TYPE "HostHealth" AS ENUM ('in the way')`);
  const failed = await applyMigrations(url);
  expect(failed).toMatchObject({ ok: false, fault: { code: 'migration_failed' } });
  expect(failed.ok || failed.fault.message).toMatch('type "HostHealth" already exists');
  await runSql(url, 'DROP TYPE "HostHealth"');
  expect(valueOf(await applyMigrations(url))).toEqual(await listMigrations());
});

test('a database that is used for something else is left alone', async () => {
  const url = await emptyDatabase();
  await runSql(url, 'CREATE TABLE theirs (id int)');
  const failed = await applyMigrations(url);
  expect(failed.ok || failed.fault.message).toMatch('not empty');
});
