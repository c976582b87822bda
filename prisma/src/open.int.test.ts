import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { isDatabaseUnavailable } from './database/database-fault.ts';
import { applyMigrations } from './migrate/apply-migrations.ts';
import { openDatabase } from './open.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { createTestDatabase } from './testing.ts';
import { emptyDatabaseUrl, OWNER, startedAt, storeAttempt, valueOf } from './testing/fixture.ts';
import { runSql } from './testing/test-server.ts';

test('a URL that is none is refused with what it should read', async () => {
  for (const url of ['', 'localhost:5432', 'mysql://localhost/x']) {
    expect(await openDatabase(url)).toMatchObject({ ok: false, fault: { code: 'database_url_invalid' } });
  }
});

test('a database where nobody listens is unreachable, and the message keeps the password to itself', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with one.
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  const opened = await openDatabase(`postgresql://me:secret@127.0.0.1:${port}/x`);
  expect(opened).toMatchObject({ ok: false, fault: { code: 'database_unreachable' } });
  expect(opened.ok || opened.fault.message).toMatch(`127.0.0.1:${port}/x does not answer`);
  expect(opened.ok || opened.fault.message).not.toMatch('secret');
});

test('a database that does not let us in is told from one that does not answer', async () => {
  const { url, release } = await createTestDatabase();
  onTestFinished(release);
  const other = new URL(url);
  other.pathname = '/there_is_none';
  expect(await openDatabase(other.href)).toMatchObject({ ok: false, fault: { code: 'database_refused' } });
});

test('times are kept exactly on a server that is set to another time zone', async () => {
  const url = await emptyDatabaseUrl();
  valueOf(await applyMigrations(url));
  await runSql(url, `ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET timezone TO 'Asia/Tokyo'`);
  const db = valueOf(await openDatabase(url));
  onTestFinished(db.close);
  const { id } = await storeAttempt(db);
  expect((await db.attempts.get(id))?.startedAt).toEqual(startedAt);
});

test('an empty database has all migrations pending, a migrated one none', async () => {
  const url = await emptyDatabaseUrl();
  const db = valueOf(await openDatabase(url));
  onTestFinished(db.close);
  expect(await db.pendingMigrations()).not.toEqual([]);
  valueOf(await applyMigrations(url));
  expect(await db.pendingMigrations()).toEqual([]);
});

test('what is thrown when the server goes away says so, and work goes on when it is back', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-gone-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const first = valueOf(await startPostgres({ dataDir }));
  valueOf(await applyMigrations(first.url));
  const db = valueOf(await openDatabase(first.url));
  onTestFinished(db.close);
  await storeAttempt(db);
  process.kill(
    Number.parseInt(await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8'), 10),
    'SIGKILL',
  );
  await first.exited;
  const lease = { owner: 'a', durationMs: 1 };
  const calls = [
    () => db.attempts.get('att_1'),
    () => db.attempts.renewLeases(lease),
    () => db.attempts.claimOrphans({ lease, includeOwn: false }),
  ];
  for (const call of calls)
    expect(isDatabaseUnavailable(await call().catch((error: unknown) => error))).toBe(true);
  expect(isDatabaseUnavailable(new TypeError('a bug'))).toBe(false);

  const second = valueOf(await startPostgres({ dataDir, port: first.port }));
  onTestFinished(() => second.stop());
  expect(valueOf(await db.attempts.list({ limit: 1 })).total).toBe(1);
});

test('leases are renewed and signs of life written while every connection of the pool is held', async () => {
  const { url, release } = await createTestDatabase();
  onTestFinished(release);
  const db = valueOf(await openDatabase(url, { poolSize: 1 }));
  onTestFinished(db.close);
  const lease = { owner: OWNER, durationMs: 60_000 };
  const { id } = await storeAttempt(db, { lease: { ...lease, durationMs: 0 } });
  const other = new pg.Client(url);
  await other.connect();
  onTestFinished(() => other.end());
  await other.query('BEGIN; LOCK TABLE "Snapshot"');
  const held = db.snapshotJson('sha256:x');
  expect(await db.attempts.renewLeases(lease)).toEqual([id]);
  expect(await db.meshes.renewLeases(lease)).toEqual([]);
  await db.beat(OWNER);
  const claimed = { lease: { ...lease, owner: 'other' }, includeOwn: false };
  const claim = db.attempts.claimOrphans(claimed);
  await other.query('COMMIT');
  expect(await held).toBeUndefined();
  expect(await claim).toEqual([]);
});
