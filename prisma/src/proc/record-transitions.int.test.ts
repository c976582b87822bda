import { expect, test } from 'vitest';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import { openDatabase, type Database } from '../open.ts';
import { emptyDatabaseUrl, lease, OWNER, useTestDatabase, valueOf } from '../testing/fixture.ts';
import { after, anExitRow, aReport, aSilence, spawnProcMesh, anEnd } from '../testing/proc-fixture.ts';
import { readRows } from '../testing/test-server.ts';

const openTestDatabase = useTestDatabase();

const leaseLost = { ok: false, fault: { code: 'lease_lost' } };

/** The controller heard of it again, at second 8. */
const again = aReport(0, 1, { source: 'controller', at: after(8), heardAt: after(8) });

/** The transitions of a proc, oldest first. */
async function historyOf(db: Database, id: string) {
  const { items } = valueOf(await db.procs.history(id, { limit: 100 }));
  return items.toReversed();
}

const steps = (history: Awaited<ReturnType<typeof historyOf>>) =>
  history.map(({ generation, source, status }) => `${generation} ${source} ${status}`);

test('a recorded report reads back as it was given, and the counts follow', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const failed = aReport(1, 2, {
    status: 'Failed',
    statusText: 'killed by SIGKILL; restarts (1 of 5)',
    cause: 'not_ready',
    exitCode: null,
    signal: 'SIGKILL',
    endedBy: 'SIGKILL',
    restarts: 1,
    nextRestartAt: after(9),
    stderrTail: ['a', 'b\0', 'c\uD800'],
    configDigest: null,
    adopted: true,
    heardAt: after(3),
  });
  const counts = valueOf(await db.procs.record(id, OWNER, [aReport(0, 1), failed]));
  expect(counts).toMatchObject({ total: 6, NotExist: 4, Running: 1, Failed: 1, restarting: 1, lingering: 0 });
  expect((await db.procMeshes.get(id))?.counts).toEqual(counts);
  const { source: _source, at, heardAt, ...state } = failed;
  expect(await db.procs.get(`${id}-1`)).toMatchObject({
    ...state,
    since: at,
    lastHeardAt: heardAt,
    stderrTail: ['a', 'b\uFFFD', 'c\uFFFD'],
  });
  expect(await historyOf(db, `${id}-1`)).toMatchObject([
    { generation: 2, source: 'host', status: 'Failed', cause: 'not_ready', signal: 'SIGKILL', at },
  ]);
});

test('every transition of a batch is appended in order, and the proc is what the last one says', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const batch = [
    aReport(0, 1, { status: 'Initializing', statusText: 'starting' }),
    aReport(0, 2),
    anExitRow(1, 1, 0),
    anExitRow(0, 3, 3),
  ];
  expect(valueOf(await db.procs.record(id, OWNER, batch))).toMatchObject({ Stopped: 1, Failed: 1 });
  expect(steps(await historyOf(db, `${id}-0`))).toEqual([
    '1 host Initializing',
    '2 host Running',
    '3 host Failed',
  ]);
  expect(await db.procs.get(`${id}-0`)).toMatchObject({
    generation: 3,
    status: 'Failed',
    exitCode: 3,
    stderrTail: ['bye 3'],
    since: after(3),
  });
});

test('recording a batch again changes nothing', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const batch = [aReport(0, 1), aSilence(0, 1, 5), again, anExitRow(1, 4, 0)];
  const counts = valueOf(await db.procs.record(id, OWNER, batch));
  const before = [
    await historyOf(db, `${id}-0`),
    await db.procs.get(`${id}-0`),
    await historyOf(db, `${id}-1`),
  ];
  expect(valueOf(await db.procs.record(id, OWNER, batch))).toEqual(counts);
  expect(valueOf(await db.procs.record(id, OWNER, [...batch, ...batch]))).toEqual(counts);
  expect([
    await historyOf(db, `${id}-0`),
    await db.procs.get(`${id}-0`),
    await historyOf(db, `${id}-1`),
  ]).toEqual(before);
});

test('of procs that ended it is counted how many are started again, and how many others left processes', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const ended = { status: 'Stopped', statusText: 'exited with code 0', exitCode: 0 } as const;
  const rows = [
    aReport(0, 2, { ...ended, leftover: 2 }),
    aReport(1, 2, { ...ended, leftover: 1, nextRestartAt: after(9) }),
    aReport(2, 2, ended),
  ];
  const counts = valueOf(await db.procs.record(id, OWNER, rows));
  expect(counts).toMatchObject({ total: 6, NotExist: 3, Stopped: 3, restarting: 1, lingering: 1 });
  expect((await db.procMeshes.get(id))?.counts).toEqual(counts);
});

test('a report that comes late is recorded where it belongs, and does not bring the proc back', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  await db.procs.record(id, OWNER, [anExitRow(0, 5, 1)]);
  expect(valueOf(await db.procs.record(id, OWNER, [aReport(0, 4), aReport(0, 3)]))).toMatchObject({
    Running: 0,
    Failed: 1,
  });
  await db.procs.record(id, OWNER, [aSilence(0, 4, 90)]);
  expect(await db.procs.get(`${id}-0`)).toMatchObject({ generation: 5, status: 'Failed' });
  expect(steps(await historyOf(db, `${id}-0`))).toEqual([
    '3 host Running',
    '4 host Running',
    '4 controller Unknown',
    '5 host Failed',
  ]);
});

test.each([
  { name: 'in one batch', batches: [[aReport(0, 1), aSilence(0, 1, 5), again]] },
  { name: 'in a batch each', batches: [[aReport(0, 1)], [aSilence(0, 1, 5)], [again]] },
])('a proc that is heard of again after a silence is as it was, $name', async ({ batches }) => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  for (const batch of batches) valueOf(await db.procs.record(id, OWNER, batch));
  expect(await db.procs.get(`${id}-0`)).toMatchObject({ status: 'Running', lastHeardAt: after(8) });
  const history = await historyOf(db, `${id}-0`);
  expect(steps(history)).toEqual(['1 host Running', '1 controller Unknown', '1 controller Running']);
});

test('silence keeps when a proc was last heard, and a report from before it changes nothing', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const report = aReport(0, 1, { heardAt: after(4) });
  await db.procs.record(id, OWNER, [report]);
  await db.procs.record(id, OWNER, [aSilence(0, 1, 5)]);
  await db.procs.record(id, OWNER, [report]);
  expect(await db.procs.get(`${id}-0`)).toMatchObject({
    status: 'Unknown',
    since: after(5),
    lastHeardAt: after(4),
  });
});

test('hosts that were only heard move the time of their live procs on, and of no others', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  await db.procs.record(id, OWNER, [
    aReport(0, 1),
    anExitRow(1, 2, 0),
    aReport(2, 1),
    aReport(3, 1),
    aSilence(3, 1, 5),
    aReport(4, 1),
  ]);
  valueOf(await db.procs.touchHeard(id, OWNER, [0, 1], after(60)));
  valueOf(await db.procs.touchHeard(id, OWNER, [0], after(50)));
  const { items } = valueOf(await db.procs.list(id, { limit: 10 }));
  expect(items.map(({ lastHeardAt }) => lastHeardAt)).toEqual([
    after(60),
    after(2),
    after(60),
    after(1),
    after(1),
    null,
  ]);
  expect(await db.procs.touchHeard(id, 'api-2', [0], after(70))).toMatchObject(leaseLost);
});

test('a replica that does not hold the lease of the host mesh writes nothing', async () => {
  const db = await openTestDatabase();
  const { id, meshId } = await spawnProcMesh(db);
  expect(await db.procs.record(id, 'api-2', [aReport(0, 1)])).toMatchObject(leaseLost);
  expect(await db.procs.record('pm_none', OWNER, [])).toMatchObject(leaseLost);
  expect(await db.procMeshes.addRepairs(id, 'api-2', 1)).toMatchObject(leaseLost);
  await db.meshes.claim({ lease: { ...lease, owner: 'api-3' }, includeOwn: false }, after(1));
  expect(valueOf(await db.procMeshes.addRepairs(id, OWNER, 2))).toBe(2);
  await db.meshes.beginEnd(meshId, anEnd);
  expect((await db.procs.record(id, OWNER, [aReport(0, 1)])).ok).toBe(true);
  await db.meshes.finishEnd(meshId, anEnd, after(9));
  expect(await db.procs.record(id, OWNER, [aReport(0, 2)])).toMatchObject(leaseLost);
  expect(await historyOf(db, `${id}-1`)).toMatchObject([{ source: 'controller', status: 'Unknown' }]);
});

test('writers at the same time lose no transition, and leave counts that add up', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const reports = Array.from({ length: 30 }, (_, index) => aReport(index % 6, 1 + Math.floor(index / 6)));
  await Promise.all(reports.map((report) => db.procs.record(id, OWNER, [report])));
  for (let rank = 0; rank < 6; rank += 1) {
    const history = await historyOf(db, `${id}-${rank}`);
    expect(history.map(({ generation }) => generation)).toEqual([1, 2, 3, 4, 5]);
    expect(await db.procs.get(`${id}-${rank}`)).toMatchObject({ generation: 5 });
  }
  expect((await db.procMeshes.get(id))?.counts).toMatchObject({ total: 6, Running: 6 });
});

test('what is recorded is looked up by index, however long the history of eight thousand procs has become', async () => {
  // A database of its own, whose statistics begin with it.
  const url = await emptyDatabaseUrl();
  valueOf(await applyMigrations(url));
  const db = valueOf(await openDatabase(url));
  const { id } = await spawnProcMesh(db, { hosts: 1000, perHostCount: 8 });
  for (let generation = 1; generation < 7; generation += 1) {
    const ranks = Array.from({ length: generation === 1 ? 8000 : 2000 }, (_, rank) => rank);
    const batch = ranks.map((rank) => anExitRow(rank, generation, 1));
    valueOf(await db.procs.record(id, OWNER, batch));
    // As Postgres does by itself now and then: what it knows of the tables decides how it looks rows up.
    await readRows(url, 'ANALYZE');
  }
  await db.close();
  // Connections hand in what they have counted when they end: a look-up per transition, and never the whole table.
  const scans = `SELECT idx_scan >= 18000 AS "byIndex", seq_tup_read = 0 AS only FROM pg_stat_user_tables WHERE relname = 'ProcTransition'`;
  await expect.poll(() => readRows(url, scans), { timeout: 30_000 }).toEqual([{ byIndex: true, only: true }]);
});
