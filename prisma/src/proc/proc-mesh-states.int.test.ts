import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { migrationsDir } from '../migrate/migrations.ts';
import { anotherShape, attachMesh, OWNER, useTestDatabase, valueOf } from '../testing/fixture.ts';
import { after, anEnd, anExitRow, aReport, aSilence, aStop, spawnProcMesh } from '../testing/proc-fixture.ts';
import { runSql } from '../testing/test-server.ts';

const openTestDatabase = useTestDatabase();

test('a spawn ends once, ready', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  const ready = { state: 'running', readyAt: after(3) } as const;
  expect(await db.procMeshes.finishSpawn(id, 'api-2', ready)).toMatchObject({
    fault: { code: 'lease_lost' },
  });
  expect(valueOf(await db.procMeshes.finishSpawn(id, OWNER, ready))).toMatchObject({
    state: 'running',
    readyAt: after(3),
    endedAt: null,
  });
  expect(await db.procMeshes.finishSpawn(id, OWNER, ready)).toMatchObject({
    fault: { code: 'not_spawning' },
  });
});

test('a failed spawn keeps its first hundred failures by rank, how many there were, and the residue', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db, { hosts: 60 });
  const failures = Array.from({ length: 120 }, (_, index) => ({
    id: `${id}-${119 - index}`,
    rank: 119 - index,
    hostRank: 0,
    hostId: null,
    hostAddress: 'tcp:10.0.0.0:26600',
    status: 'Failed' as const,
    statusText: 'exited with code 1',
    startFault: null,
    exitCode: 1,
    signal: null,
    stderrTail: ['no \0 such file'],
  }));
  const ending = { state: 'spawn_failed', endedAt: after(9), failures, residueCount: 2 } as const;
  const failed = valueOf(await db.procMeshes.finishSpawn(id, OWNER, ending));
  expect(failed).toMatchObject({ state: 'spawn_failed', failureCount: 120, residueCount: 2, readyAt: null });
  expect(failed.failures.map(({ rank }) => rank)).toEqual(Array.from({ length: 100 }, (_, rank) => rank));
  expect(failed.failures[0]).toEqual({ ...failures.at(-1), stderrTail: ['no \uFFFD such file'] });
  expect(await db.procMeshes.beginStop(id, OWNER, aStop)).toMatchObject({
    fault: { code: 'proc_mesh_ended' },
  });
});

test('a stop is joined by later callers, can be taken back, and ends the proc mesh', async () => {
  const db = await openTestDatabase();
  const { id, meshId } = await spawnProcMesh(db);
  await db.procMeshes.finishSpawn(id, OWNER, { state: 'running', readyAt: after(3) });
  expect(await db.procMeshes.beginStop(id, 'api-2', aStop)).toMatchObject({ fault: { code: 'lease_lost' } });
  expect(await db.procMeshes.revertStop(id, OWNER)).toMatchObject({ fault: { code: 'not_stopping' } });
  const begun = [
    await db.procMeshes.beginStop(id, OWNER, aStop),
    await db.procMeshes.beginStop(id, OWNER, aStop),
  ];
  expect(begun.map(valueOf)).toMatchObject([
    { began: true, procMesh: { state: 'stopping' } },
    { began: false, procMesh: { state: 'stopping' } },
  ]);
  expect(valueOf(await db.procMeshes.revertStop(id, OWNER))).toMatchObject({ state: 'running' });
  await db.procMeshes.beginStop(id, OWNER, aStop);
  expect(await db.procMeshes.listLive(meshId)).toMatchObject([{ id }]);
  // Nobody has said how its procs ended.
  expect(valueOf(await db.procMeshes.finishStop(id, OWNER, after(9)))).toMatchObject({
    state: 'lost',
    stop: aStop,
    endedAt: after(9),
  });
  expect(await db.procMeshes.listLive(meshId)).toEqual([]);
  expect(await db.procMeshes.finishStop(id, OWNER, after(10))).toMatchObject({
    fault: { code: 'not_stopping' },
  });
});

test('a stop that is taken back in the middle of a spawn leaves it spawning', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  await db.procMeshes.beginStop(id, OWNER, aStop);
  expect(await db.procMeshes.finishSpawn(id, OWNER, { state: 'running', readyAt: after(3) })).toMatchObject({
    fault: { code: 'not_spawning' },
  });
  expect(valueOf(await db.procMeshes.revertStop(id, OWNER))).toMatchObject({ state: 'spawning' });
});

test('a proc mesh whose procs have all ended by themselves ends without a stop', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  await db.procMeshes.finishSpawn(id, OWNER, { state: 'running', readyAt: after(3) });
  const exits = Array.from({ length: 6 }, (_, rank) => anExitRow(rank, 2, 0));
  await db.procs.record(id, OWNER, exits);
  expect(valueOf(await db.procMeshes.finishStop(id, OWNER, after(9)))).toMatchObject({
    state: 'succeeded',
    stop: null,
  });
});

test('procs that a host stopped by itself say who that was where nobody noted it', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  await db.procMeshes.finishSpawn(id, OWNER, { state: 'running', readyAt: after(3) });
  const reaped = Array.from({ length: 6 }, (_, rank) =>
    aReport(rank, 2, { status: 'Stopped', statusText: 'x', cause: 'orphaned', end: 'stopped' }),
  );
  await db.procs.record(id, OWNER, reaped);
  expect(valueOf(await db.procMeshes.finishStop(id, OWNER, after(9)))).toMatchObject({
    state: 'stopped',
    stop: { how: 'orphaned', by: null },
  });
});

test('trouble that somebody has seen is news again when there is more of it, or when it ends', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  await db.procMeshes.finishSpawn(id, OWNER, { state: 'running', readyAt: after(3) });
  const seen = async () => (await db.procMeshes.get(id))?.seen;
  await db.procs.record(id, OWNER, [anExitRow(0, 2, 1), aSilence(1, 2, 4)]);
  await db.procMeshes.markSeen(id, 'ann', after(5));
  await db.procMeshes.markSeen(id, 'bob', after(6));
  expect(await seen()).toEqual({ by: 'ann', at: after(5), trouble: 2 });
  await db.procs.record(id, OWNER, [aReport(1, 3)]);
  expect(await seen()).toMatchObject({ trouble: 1 });
  await db.procs.record(id, OWNER, [anExitRow(2, 2, 1)]);
  await db.procMeshes.markSeen(id, 'bob', after(7));
  expect(await seen()).toEqual({ by: 'bob', at: after(7), trouble: 2 });
  await db.procMeshes.finishStop(id, OWNER, after(9));
  expect(await seen()).toBeNull();
  expect((await db.procMeshes.markSeen(id, 'cat', after(10)))?.seen).toMatchObject({ by: 'cat' });
  expect(await db.procMeshes.markSeen('none', 'cat', after(10))).toBeUndefined();
});

test('the end of the host mesh ends its proc meshes, and of procs not known to have ended nothing is claimed', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const running = await spawnProcMesh(db, { meshId });
  await db.procs.record(running.id, OWNER, [
    aReport(0, 1),
    anExitRow(1, 2, 0),
    anExitRow(2, 2, 3),
    aReport(3, 2, {
      status: 'Failed',
      statusText: 'exited with code 1; restarts',
      nextRestartAt: after(5),
    }),
    aReport(4, 1, { status: 'Stopping', statusText: 'stopping' }),
  ]);
  await db.procMeshes.finishSpawn(running.id, OWNER, { state: 'running', readyAt: after(3) });
  const spawning = await spawnProcMesh(db, { meshId });
  const failed = await spawnProcMesh(db, { meshId });
  await db.procs.record(failed.id, OWNER, [aReport(0, 1)]);
  await db.procMeshes.finishSpawn(failed.id, OWNER, {
    state: 'spawn_failed',
    endedAt: after(4),
    failures: [],
    residueCount: 1,
  });
  const elsewhere = await spawnProcMesh(db, { meshId: await attachMesh(db, { mesh: 'other' }) });

  const end = { ...anEnd, act: 'shutdown' } as const;
  await db.meshes.beginEnd(meshId, end);
  await db.meshes.finishEnd(meshId, end, after(60));

  // A job that had failed before its hosts went has failed.
  expect(await db.procMeshes.get(running.id)).toMatchObject({
    state: 'failed',
    stop: { how: 'mesh_shut_down', by: anEnd.by },
    endedAt: after(60),
    counts: { total: 6, Stopped: 1, Failed: 1, Unknown: 3, NotExist: 1, Running: 0, Stopping: 0 },
    ends: { succeeded: 1, failed: 1, stopped: 0, lost: 3 },
  });
  expect(await db.procs.get(`${running.id}-3`)).toMatchObject({
    status: 'Unknown',
    statusText: 'not heard of since its hosts were shut down',
    since: after(60),
    generation: 2,
    nextRestartAt: null,
  });
  const { items } = valueOf(await db.procs.history(`${running.id}-4`, { limit: 9 }));
  expect(items).toMatchObject([
    { source: 'controller', status: 'Unknown', at: after(60) },
    { source: 'host', status: 'Stopping' },
  ]);
  expect(await db.procMeshes.get(spawning.id)).toMatchObject({ state: 'lost', counts: { Unknown: 6 } });
  expect(await db.procMeshes.get(failed.id)).toMatchObject({
    state: 'spawn_failed',
    endedAt: after(4),
    counts: { Unknown: 1, NotExist: 5 },
  });
  expect(await db.procMeshes.get(elsewhere.id)).toMatchObject({ state: 'spawning', counts: { NotExist: 6 } });
});

test('a later attach that replaces the host mesh ends its proc meshes too', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db);
  await db.procs.record(id, OWNER, [aReport(0, 1)]);
  await attachMesh(db, { extent: anotherShape });
  expect(await db.procMeshes.get(id)).toMatchObject({
    state: 'lost',
    stop: { how: 'mesh_replaced', by: 'admin' },
    counts: { Unknown: 6 },
  });
  expect(await db.procs.get(`${id}-0`)).toMatchObject({
    statusText: 'not heard of since a later attach took its hosts over',
  });
  const ended = Array.from({ length: 6 }, (_, rank) =>
    aReport(rank, 2, { status: 'Stopped', statusText: 'stopped', end: 'stopped' }),
  );
  // What is heard after its end says how that was.
  expect((await db.procs.record(id, OWNER, ended)).ok).toBe(true);
  expect(await db.procMeshes.get(id)).toMatchObject({ state: 'stopped', counts: { Stopped: 6 } });
  expect(await db.procs.record(id, 'api-2', [aReport(0, 3)])).toMatchObject({
    fault: { code: 'lease_lost' },
  });
});

test('what was recorded as stopped before is judged as what ends now', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const stopped = (rank: number) =>
    aReport(rank, 2, { status: 'Stopped', cause: 'requested', end: 'stopped' });
  const lost = (rank: number, statusText: string) =>
    aReport(rank, 2, { status: 'Failed', statusText, end: 'lost' });
  const six = [0, 1, 2, 3, 4, 5];
  const jobs = [
    six.map((rank) => anExitRow(rank, 2, 0)),
    [anExitRow(0, 2, 3), anExitRow(1, 2, 0), ...[2, 3, 4, 5].map(stopped)],
    [anExitRow(0, 2, 0), ...[1, 2, 3, 4, 5].map(stopped)],
    [
      lost(0, 'lost: its host agent no longer knows it'),
      lost(1, 'ended; its exit went to the agent that started it'),
      ...[2, 3, 4, 5].map(stopped),
    ],
  ];
  const ids: string[] = [];
  for (const reports of jobs) {
    const { id } = await spawnProcMesh(db, { meshId });
    await db.procMeshes.finishSpawn(id, OWNER, { state: 'running', readyAt: after(3) });
    await db.procs.record(id, OWNER, reports);
    await db.procMeshes.finishStop(id, OWNER, after(9));
    ids.push(id);
  }
  const judged = async () => Promise.all(ids.map((id) => db.procMeshes.get(id)));
  const now = (await judged()).map((one) => [one?.state, one?.ends]);
  expect(now.map(([state]) => state)).toEqual(['succeeded', 'failed', 'stopped', 'lost']);

  await runSql(
    db.url,
    `UPDATE "Proc" SET "end" = NULL; UPDATE "ProcMesh" SET state = 'stopped', ends = '{}'`,
  );
  const script = await readFile(
    new URL('20261128044000_proc_mesh_ends/migration.sql', migrationsDir),
    'utf8',
  );
  await runSql(db.url, script.slice(script.indexOf('UPDATE "Proc"')));
  expect((await judged()).map((one) => [one?.state, one?.ends])).toEqual(now);
  // History asks nobody for attention.
  expect((await judged()).map((one) => one?.seen?.by)).toEqual(ids.map(() => 'upgrade'));
});
