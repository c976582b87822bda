import { expect, test } from 'vitest';
import type { Database } from '../open.ts';
import { attachMesh, OWNER, useTestDatabase, valueOf } from '../testing/fixture.ts';
import { after, anExitRow, aReport, createdAt, spawnProcMesh, aStop } from '../testing/proc-fixture.ts';
import type { ProcFilter } from './list-procs.ts';

const openTestDatabase = useTestDatabase();

async function ranks(db: Database, id: string, filter: ProcFilter): Promise<number[]> {
  return valueOf(await db.procs.list(id, { limit: 100, ...filter })).items.map(({ rank }) => rank);
}

test('pages show every proc mesh exactly once, newest first, however many share a time', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const oldest = await spawnProcMesh(db, { meshId, createdAt: after(-1) });
  const same = [];
  for (let number = 0; number < 4; number += 1) same.push((await spawnProcMesh(db, { meshId })).id);
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = valueOf(await db.procMeshes.list({ limit: 2, cursor }));
    expect(page.total).toBe(5);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([...same.toSorted().toReversed(), oldest.id]);
});

test('proc meshes are found by state, host mesh and part of id or name', async () => {
  const db = await openTestDatabase();
  const train = await attachMesh(db);
  const serve = await attachMesh(db, { mesh: 'serve' });
  const a = await spawnProcMesh(db, { meshId: train, name: 'Trainer_1' });
  const b = await spawnProcMesh(db, { meshId: serve, name: 'web' });
  await db.procMeshes.finishSpawn(b.id, OWNER, { state: 'running', readyAt: after(1) });
  const find = async (query: object) =>
    valueOf(await db.procMeshes.list({ limit: 10, ...query })).items.map(({ id }) => id);
  expect(await find({ state: 'spawning' })).toEqual([a.id]);
  expect(await find({ meshId: serve })).toEqual([b.id]);
  expect(await find({ q: 'trainer_' })).toEqual([a.id]);
  expect(await find({ q: 'SERVE' })).toEqual([b.id]);
  expect(await find({ q: a.id.slice(3, 20) })).toEqual([a.id]);
  expect(await find({ q: '%' })).toEqual([]);
});

test('procs are found by status, ranks, exit and part of id, address or host id', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db, { hosts: 4 });
  await db.procs.record(id, OWNER, [
    anExitRow(0, 1, 3),
    anExitRow(1, 1, 0),
    aReport(2, 1, { status: 'Failed', statusText: 'killed by SIGKILL', signal: 'SIGKILL' }),
    aReport(3, 1),
  ]);
  expect(await ranks(db, id, { status: 'Failed' })).toEqual([0, 2]);
  expect(await ranks(db, id, { exitCode: 3 })).toEqual([0]);
  expect(await ranks(db, id, { exitCode: 0 })).toEqual([1]);
  expect(await ranks(db, id, { signal: 'SIGKILL' })).toEqual([2]);
  const pieces = [
    { start: 0, end: 2 },
    { start: 5, end: 6 },
  ];
  expect(await ranks(db, id, { ranks: pieces })).toEqual([0, 1, 5]);
  expect(await ranks(db, id, { hostRanks: [{ start: 1, end: 3 }] })).toEqual([2, 3, 4, 5]);
  expect(await ranks(db, id, { ranks: pieces, hostRanks: [{ start: 2, end: 4 }] })).toEqual([5]);
  expect(await ranks(db, id, { ranks: [] })).toEqual([]);
  expect(await ranks(db, id, { q: '10.0.0.3:' })).toEqual([6, 7]);
  expect(await ranks(db, id, { q: 'HOST_1', status: 'Running' })).toEqual([3]);
  const first = valueOf(await db.procs.list(id, { limit: 2, ranks: pieces }));
  expect(first).toMatchObject({ items: [{ rank: 0 }, { rank: 1 }], total: 3 });
  expect(
    valueOf(await db.procs.list(id, { limit: 2, ranks: pieces, cursor: first.nextCursor ?? undefined })),
  ).toMatchObject({ items: [{ rank: 5 }], nextCursor: null, total: 3 });
});

test('pages of all procs show each exactly once, the newest proc mesh first, also where times are the same', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const old = await spawnProcMesh(db, { meshId, hosts: 1, createdAt: after(-1) });
  const [a, b] = [
    await spawnProcMesh(db, { meshId, hosts: 1 }),
    await spawnProcMesh(db, { meshId, hosts: 1 }),
  ];
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = valueOf(await db.procs.listAll({ limit: 1, cursor }));
    expect(page.total).toBe(6);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  const newestFirst = [...[a.id, b.id].toSorted().toReversed(), old.id];
  expect(seen).toEqual(newestFirst.flatMap((id) => [`${id}-0`, `${id}-1`]));
});

test('all procs are found by status, host, host mesh and name of their proc mesh', async () => {
  const db = await openTestDatabase();
  const train = await attachMesh(db);
  const a = await spawnProcMesh(db, { meshId: train, hosts: 1, name: 'trainers' });
  const b = await spawnProcMesh(db, { meshId: await attachMesh(db, { mesh: 'serve' }), hosts: 2 });
  await db.procs.record(a.id, OWNER, [anExitRow(1, 1, 1)]);
  const find = async (query: object) =>
    valueOf(await db.procs.listAll({ limit: 10, ...query })).items.map(({ id }) => id);
  expect(await find({ status: 'Failed' })).toEqual([`${a.id}-1`]);
  expect(await find({ hostId: 'host_1' })).toEqual([`${b.id}-2`, `${b.id}-3`]);
  expect(await find({ meshId: train })).toEqual([`${a.id}-0`, `${a.id}-1`]);
  expect(await find({ q: 'TRAINERS', status: 'NotExist' })).toEqual([`${a.id}-0`]);
});

test('only procs of live proc meshes are accounted for', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const ended = await spawnProcMesh(db, { meshId });
  await db.procMeshes.beginStop(ended.id, OWNER, aStop);
  await db.procMeshes.finishStop(ended.id, OWNER, after(1));
  const live = await spawnProcMesh(db, { meshId });
  const accounted = await db.procs.findAccounted([`${live.id}-0`, `${ended.id}-0`, 'proc_none', '\0']);
  expect([...accounted]).toEqual([`${live.id}-0`]);
});

test('procs that were stopped as orphans are a group of their own', async () => {
  const db = await openTestDatabase();
  const procMesh = await spawnProcMesh(db, { meshId: await attachMesh(db) });
  const orphan = { status: 'Stopped', statusText: 'stopped as orphan', cause: 'orphaned' } as const;
  await db.procs.record(procMesh.id, OWNER, [
    aReport(0, 1, orphan),
    aReport(2, 1, orphan),
    anExitRow(1, 1, 0),
  ]);
  const groups = await db.procs.failureGroups([procMesh.id]);
  expect(groups.get(procMesh.id)).toMatchObject([{ status: 'Stopped', count: 2, firstRank: 0 }]);
});

test('failed procs are grouped by cause, the most frequent first, for several proc meshes at once', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const [a, b] = [await spawnProcMesh(db, { meshId }), await spawnProcMesh(db, { meshId })];
  const killed = aReport(0, 1, { status: 'Failed', statusText: 'killed by SIGKILL', signal: 'SIGKILL' });
  await db.procs.record(a.id, OWNER, [killed, anExitRow(1, 1, 3), anExitRow(4, 1, 3), anExitRow(5, 1, 0)]);
  const groups = await db.procs.failureGroups([a.id, b.id, 'pm_none']);
  expect(groups.get(a.id)).toEqual([
    {
      status: 'Failed',
      statusText: 'exited with code 3',
      startFault: null,
      exitCode: 3,
      signal: null,
      count: 2,
      firstRank: 1,
      stderrTail: ['bye 3'],
    },
    {
      status: 'Failed',
      statusText: 'killed by SIGKILL',
      startFault: null,
      exitCode: null,
      signal: 'SIGKILL',
      count: 1,
      firstRank: 0,
      stderrTail: [],
    },
  ]);
  expect(groups.get(b.id)).toEqual([]);
});

test('history is paged newest first, also within one generation', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const silences = [0, 1, 2].map((seconds) =>
    aReport(0, 1, { source: 'controller', status: 'Unknown', at: after(10 + seconds), heardAt: null }),
  );
  await db.procs.record(id, OWNER, [aReport(0, 1), ...silences, aReport(0, 2)]);
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = valueOf(await db.procs.history(`${id}-0`, { limit: 2, cursor }));
    expect(page.total).toBe(5);
    seen.push(
      ...page.items.map(({ generation, at }) => `${generation} ${at.getTime() - createdAt.getTime()}`),
    );
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(['2 2000', '1 12000', '1 11000', '1 10000', '1 1000']);
});

test('a cursor of another list is refused', async () => {
  const db = await openTestDatabase();
  const refused = { ok: false, fault: { code: 'invalid_cursor' } };
  expect(await db.procMeshes.list({ limit: 1, cursor: 'x' })).toMatchObject(refused);
  expect(await db.procs.list('pm_1', { limit: 1, cursor: '-1' })).toMatchObject(refused);
  expect(await db.procs.history('proc_1', { limit: 1, cursor: '1' })).toMatchObject(refused);
  for (const cursor of ['', '5', '1.pm_1', 'x.pm_1.5', '1.pm_1.x'])
    expect(await db.procs.listAll({ limit: 1, cursor })).toMatchObject(refused);
});
