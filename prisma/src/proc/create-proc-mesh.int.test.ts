import { expect, test } from 'vitest';
import { attachMesh, useTestDatabase, valueOf } from '../testing/fixture.ts';
import { aNewProcMesh, createdAt, spawnProcMesh, anEnd } from '../testing/proc-fixture.ts';

const openTestDatabase = useTestDatabase();

test('a proc mesh and a row for each of its procs are there before anything is sent', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const { created, procMesh } = valueOf(await db.procMeshes.create(aNewProcMesh(meshId)));
  expect(created).toBe(true);
  expect(await db.procMeshes.get(procMesh.id)).toEqual(procMesh);
  expect(procMesh).toMatchObject({
    meshId,
    mesh: 'train',
    state: 'spawning',
    extent: { labels: ['hosts', 'gpus'], sizes: [3, 2] },
    perHost: { labels: ['gpus'], sizes: [2] },
    request: { name: 'workers', command: { program: 'sleep', args: ['60'] } },
    counts: { total: 6, NotExist: 6, Running: 0, Unknown: 0 },
    failures: [],
    createdAt,
    readyAt: null,
    endedAt: null,
  });
  const procs = valueOf(await db.procs.list(procMesh.id, { limit: 10 })).items;
  expect(procs.map(({ rank, hostRank }) => [rank, hostRank])).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
  ]);
  expect(await db.procs.get(`${procMesh.id}-3`)).toEqual({
    id: `${procMesh.id}-3`,
    procMeshId: procMesh.id,
    name: 'workers',
    meshId,
    extent: { labels: ['hosts', 'gpus'], sizes: [3, 2] },
    rank: 3,
    hostRank: 1,
    hostId: 'host_1',
    hostAddress: 'tcp:10.0.0.1:26600',
    status: 'NotExist',
    statusText: 'not started yet',
    cause: null,
    startFault: null,
    leftover: 0,
    exitCode: null,
    signal: null,
    endedBy: null,
    end: null,
    pid: null,
    generation: 0,
    since: createdAt,
    lastHeardAt: null,
    startedAt: null,
    restarts: 0,
    nextRestartAt: null,
    stderrTail: [],
    configDigest: null,
    formerEnd: null,
    adopted: false,
    logSeq: 0,
    logEnded: false,
  });
  expect(await db.procs.get('proc_none')).toBeUndefined();
});

test('eight thousand procs are written with a row each, in rank order', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db, { hosts: 1000, perHostCount: 8 });
  const ranks: number[] = [];
  for await (const page of db.procs.read(id)) ranks.push(...page.map(({ rank }) => rank));
  expect(ranks).toEqual(Array.from({ length: 8000 }, (_, rank) => rank));
});

test('of concurrent spawns with one idempotency key exactly one creates, and all get its proc mesh', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const idempotency = { key: 'k1', requestHash: 'h1' };
  const results = await Promise.all(
    Array.from({ length: 8 }, () => db.procMeshes.create(aNewProcMesh(meshId, { idempotency }))),
  );
  const values = results.map(valueOf);
  expect(values.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(values.map(({ procMesh }) => procMesh.id)).size).toBe(1);
  expect(valueOf(await db.procs.listAll({ limit: 10 })).total).toBe(6);
});

test('an idempotency key with another request is a conflict that names the first proc mesh', async () => {
  const db = await openTestDatabase();
  const first = await spawnProcMesh(db, { idempotency: { key: 'k1', requestHash: 'h1' } });
  const { meshId } = first;
  const other = aNewProcMesh(meshId, { idempotency: { key: 'k1', requestHash: 'h2' } });
  expect(await db.procMeshes.create(other)).toMatchObject({
    fault: { code: 'idempotency_conflict', procMeshId: first.id },
  });
  const another = aNewProcMesh(meshId, { requestedBy: 'ci', idempotency: { key: 'k1', requestHash: 'h2' } });
  expect((await db.procMeshes.create(another)).ok).toBe(true);
});

test('a spawn needs a host mesh that is attached and looked after by the same replica', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const taken = aNewProcMesh(meshId, { owner: 'api-2' });
  expect(await db.procMeshes.create(taken)).toMatchObject({ fault: { code: 'mesh_busy' } });
  const idempotency = { key: 'k1', requestHash: 'h1' };
  const first = await spawnProcMesh(db, { meshId, idempotency });
  await db.meshes.beginEnd(meshId, anEnd);
  expect(await db.procMeshes.create(aNewProcMesh(meshId))).toMatchObject({ fault: { code: 'mesh_busy' } });
  await db.meshes.finishEnd(meshId, anEnd, createdAt);
  expect(await db.procMeshes.create(aNewProcMesh(meshId))).toMatchObject({ fault: { code: 'mesh_ended' } });
  expect(await db.procMeshes.create(aNewProcMesh('mesh_none'))).toMatchObject({
    fault: { code: 'mesh_ended' },
  });
  expect(valueOf(await db.procMeshes.create(aNewProcMesh(meshId, { idempotency })))).toMatchObject({
    created: false,
    procMesh: { id: first.id },
  });
  expect(await db.procs.get(taken.procs[0]?.id ?? '')).toBeUndefined();
});

test('a spawn that begins together with an end of the host mesh is refused, or seen by it', async () => {
  const db = await openTestDatabase();
  for (let round = 0; round < 10; round += 1) {
    const meshId = await attachMesh(db, { mesh: `m${round}` });
    const [end, spawn] = await Promise.all([
      db.meshes.beginEnd(meshId, anEnd),
      db.procMeshes.create(aNewProcMesh(meshId)),
    ]);
    expect(end.ok).toBe(true);
    expect(await db.procMeshes.listLive(meshId)).toHaveLength(spawn.ok ? 1 : 0);
  }
});
