import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { emptyDatabaseUrl, valueOf } from '../testing/fixture.ts';
import { readRows, runSql } from '../testing/test-server.ts';
import { applyMigrations } from './apply-migrations.ts';
import { listMigrations } from './migrations.ts';

/** A folder of migrations by name and script. */
async function aMigrationsDir(scripts: Readonly<Record<string, string>>): Promise<URL> {
  const dir = await mkdtemp(join(tmpdir(), 'hostmesh-migrations-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, script] of Object.entries(scripts)) {
    await mkdir(join(dir, name));
    await writeFile(join(dir, name, 'migration.sql'), script);
  }
  return pathToFileURL(`${dir}/`);
}

async function pidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

test('a second run applies nothing', async () => {
  const url = await emptyDatabaseUrl();
  expect(valueOf(await applyMigrations(url))).toEqual(await listMigrations());
  expect(valueOf(await applyMigrations(url))).toEqual([]);
});

test('replicas that migrate at once apply every migration once', async () => {
  const url = await emptyDatabaseUrl();
  const runs = (await Promise.all([1, 2, 3, 4].map(() => applyMigrations(url)))).map(valueOf);
  expect(runs.flat()).toEqual(await listMigrations());
});

test('replicas that migrate at once do not wait for each other in a circle, even outside a transaction', async () => {
  const url = await emptyDatabaseUrl();
  const dir = await aMigrationsDir({
    '1_table': 'CREATE TABLE known (id int);',
    '2_index': '-- hostmesh: outside a transaction\nCREATE INDEX CONCURRENTLY known_id ON known (id);',
  });
  const runs = (await Promise.all([1, 2, 3, 4].map(() => applyMigrations(url, dir)))).map(valueOf);
  expect(runs.flat()).toEqual(['1_table', '2_index']);
});

test('whoever migrates is waited for, and replaced once it has died', async () => {
  const url = await emptyDatabaseUrl();
  const other = new pg.Client(url);
  other.on('error', () => undefined);
  await other.connect();
  await other.query('SELECT pg_advisory_lock(72707369)');
  const migrated = applyMigrations(url);
  const asks = `SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_try%' AND datname = current_database()`;
  await expect.poll(() => readRows(url, asks)).toHaveLength(1);
  await expect(runSql(url, 'SELECT FROM _prisma_migrations')).rejects.toThrow('does not exist');
  await runSql(url, `SELECT pg_terminate_backend(${await pidOf(other)})`);
  expect(valueOf(await migrated)).toEqual(await listMigrations());
});

test('a migration that fails half way leaves nothing behind but a note, and those before it stay', async () => {
  const url = await emptyDatabaseUrl();
  const dir = await aMigrationsDir({
    '1_whole': 'CREATE TABLE whole (id int);',
    '2_half': 'CREATE TABLE half (id int); -- one; two\nSELECT no_such_function();',
  });
  const failed = await applyMigrations(url, dir);
  expect(failed.ok || failed.fault.message).toMatch(/2_half: .*no_such_function/);
  expect(await readRows(url, 'SELECT * FROM whole')).toEqual([]);
  await expect(runSql(url, 'SELECT FROM half')).rejects.toThrow('does not exist');
  const notes =
    'SELECT migration_name, finished_at IS NULL AS failed, logs FROM _prisma_migrations ORDER BY 1';
  expect(await readRows(url, notes)).toMatchObject([
    { migration_name: '1_whole', failed: false, logs: null },
    { migration_name: '2_half', failed: true, logs: expect.stringContaining('no_such_function') },
  ]);
});

test('a database that cannot be migrated is reported, and can be once the reason is gone', async () => {
  const url = await emptyDatabaseUrl();
  await runSql(url, `CREATE TYPE "HostHealth" AS ENUM ('in the way')`);
  const failed = await applyMigrations(url);
  expect(failed).toMatchObject({ ok: false, fault: { code: 'migration_failed' } });
  expect(failed.ok || failed.fault.message).toMatch('type "HostHealth" already exists');
  await runSql(url, 'DROP TYPE "HostHealth"');
  expect(valueOf(await applyMigrations(url))).toEqual(await listMigrations());
});

test('a database that is used for something else is left alone', async () => {
  const url = await emptyDatabaseUrl();
  await runSql(url, 'CREATE TABLE theirs (id int)');
  const failed = await applyMigrations(url);
  expect(failed.ok || failed.fault.message).toMatch('not empty');
  await expect(runSql(url, 'SELECT FROM _prisma_migrations')).rejects.toThrow('does not exist');
});

test('a script that says so runs outside a transaction, and once it has failed waits for a person', async () => {
  const url = await emptyDatabaseUrl();
  const script = '-- hostmesh: outside a transaction\nCREATE INDEX CONCURRENTLY known_id ON known (id);';
  const dir = await aMigrationsDir({ '1_index': script });
  const failed = await applyMigrations(url, dir);
  expect(failed.ok || failed.fault.message).toMatch('"known" does not exist');
  await runSql(url, 'CREATE TABLE known (id int)');
  const again = await applyMigrations(url, dir);
  expect(again.ok || again.fault.message).toMatch('resolve --rolled-back 1_index');
  await runSql(url, 'UPDATE _prisma_migrations SET rolled_back_at = now()');
  expect(valueOf(await applyMigrations(url, dir))).toEqual(['1_index']);
});

test('a server that hangs up in the middle is reported, and the migration runs the next time', async () => {
  const url = await emptyDatabaseUrl();
  const dir = await aMigrationsDir({ '1_cut': 'SELECT pg_terminate_backend(pg_backend_pid());' });
  const failed = await applyMigrations(url, dir);
  expect(failed).toMatchObject({ ok: false, fault: { code: 'migration_failed' } });
  const whole = await aMigrationsDir({ '1_cut': 'CREATE TABLE whole (id int);' });
  expect(valueOf(await applyMigrations(url, whole))).toEqual(['1_cut']);
});

test('a database that does not let us make tables is reported', async () => {
  const url = await emptyDatabaseUrl();
  const name = new URL(url).pathname.slice(1);
  await runSql(url, `ALTER DATABASE "${name}" SET default_transaction_read_only TO on`);
  const failed = await applyMigrations(url);
  expect(failed).toMatchObject({ ok: false, fault: { code: 'migration_failed' } });
  expect(failed.ok || failed.fault.message).toMatch('read-only');
});
