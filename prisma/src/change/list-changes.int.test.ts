import { expect, test } from 'vitest';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import { openDatabase } from '../open.ts';
import { emptyDatabaseUrl, OWNER, useTestDatabase, valueOf } from '../testing/fixture.ts';
import { readRows, runSql } from '../testing/test-server.ts';
import type { ChangeFilter } from './list-changes.ts';

const openTestDatabase = useTestDatabase();

test('a page of changes is looked up by index, whatever it is filtered by and however long the history has become', async () => {
  // A database of its own, whose statistics begin with it.
  const url = await emptyDatabaseUrl();
  valueOf(await applyMigrations(url));
  await runSql(
    url,
    `INSERT INTO "StateChange" (subject, "subjectId", "meshId", "hostId", rank, "to", by, act, at)
       SELECT 'host', 'mesh_' || n / 500, 'mesh_' || n / 500, 'host_' || n % 2000, n % 500,
         CASE WHEN n % 1000 = 7 THEN 'unreachable' ELSE 'healthy' END, 'console', 'observe',
         '2026-01-01'::timestamptz + n * interval '1 s'
       FROM generate_series(1, 30000) AS n;
     INSERT INTO "StateChange" (subject, "subjectId", "to", by, act, at)
       SELECT 'engine', 'database@api-1', 'well', 'console', 'observe', '2026-01-01'::timestamptz + n * interval '1 s'
       FROM generate_series(1, 50) AS n;
     ANALYZE`,
  );
  const db = valueOf(await openDatabase(url));
  const filters: ChangeFilter[] = [
    {},
    { subject: 'engine' },
    { to: 'unreachable' },
    { meshId: 'mesh_3' },
    { hostId: 'host_9' },
    { subjectId: 'mesh_3', rank: 4 },
    { subjectId: 'database@api-1' },
    { since: new Date('2026-01-01T08:18:20Z') },
    { until: new Date('2026-01-01T00:01:00Z') },
  ];
  const totals = [];
  for (const filter of filters) {
    const page = valueOf(await db.changes.list({ ...filter, limit: 50 }));
    expect(page.items.length).toBeGreaterThan(0);
    totals.push(page.total);
  }
  // Of very many nobody counts how many they are.
  expect(totals).toEqual([undefined, 50, 30, 500, 15, 1, 50, 101, 109]);
  await db.close();
  // Connections hand in what they have counted when they end. What is counted at most, and little besides.
  const reads = `SELECT seq_tup_read + idx_tup_fetch BETWEEN 1000 AND 14000 AS few FROM pg_stat_user_tables WHERE relname = 'StateChange'`;
  await expect.poll(() => readRows(url, reads), { timeout: 30_000 }).toEqual([{ few: true }]);
});

test('a console that ends without a word was away from its last sign of life on; one that says that it stops was not', async () => {
  const db = await openTestDatabase();
  const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second));
  const stopped = { part: 'api', to: 'stopped', why: null, at: at(20) } as const;
  await db.changes.noteStart(OWNER, at(0));
  await db.beat(OWNER);
  await db.changes.noteEngine(OWNER, [stopped, stopped]);
  await db.changes.noteStart(OWNER, at(30));
  await runSql(db.url, `UPDATE "Heartbeat" SET at = '${at(40).toISOString()}'`);
  await db.changes.noteStart(OWNER, at(100));
  await db.changes.noteStart('api-2', at(101));
  const { items } = valueOf(await db.changes.list({ subjectId: `api@${OWNER}`, limit: 10 }));
  expect(items.map(({ from, to, at, until }) => [from, to, at, until])).toEqual([
    ['away', 'running', at(100), null],
    ['running', 'away', at(40), at(100)],
    ['stopped', 'running', at(30), at(40)],
    ['running', 'stopped', at(20), at(30)],
    [null, 'running', at(0), at(20)],
  ]);
});
