import { expect, test } from 'vitest';
import {
  aNewAttempt,
  anotherShape,
  attachMesh,
  decidedAt,
  lease,
  OWNER,
  storeAttempt,
  useTestDatabase,
  valueOf,
} from '../testing/fixture.ts';
import { anEnd } from '../testing/proc-fixture.ts';
import { runSql } from '../testing/test-server.ts';
import type { MeshHostRow } from './watch-mesh.ts';

const openTestDatabase = useTestDatabase();

const heardAt = new Date('2026-03-01T12:05:00.000Z');

const heard = (rank: number, given: Partial<MeshHostRow> = {}): MeshHostRow => ({
  rank,
  hostId: `host_${rank}`,
  foundHostId: null,
  clockOffsetMs: null,
  incarnation: 'inc_1',
  health: 'healthy',
  reason: null,
  since: decidedAt,
  lastHeardAt: heardAt,
  lifecycle: 'attached',
  configDigest: 'sha256:1',
  withoutEffect: [],
  agentVersion: '0.1.0',
  hostname: `gpu${rank}`,
  platform: 'linux',
  cpus: 8,
  memoryBytes: 68_719_476_736,
  containment: 'a cgroup for each: /sys/fs/cgroup',
  runsAs: 'nobody',
  ...given,
});

test('a saved host reads back as it was saved, and the health of the mesh follows', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db);
  const lost = heard(1, { health: 'config_lost', reason: 'another client took it', hostname: 'gpu\0' });
  const shadowed = heard(0, {
    withoutEffect: [
      { key: 'A', layer: 'Env' },
      { key: 'B', layer: null },
    ],
  });
  valueOf(await db.meshes.saveHosts(id, OWNER, [shadowed, lost, heard(2, { health: 'unreachable' })]));
  expect((await db.meshes.get(id))?.hosts).toEqual({
    total: 3,
    healthy: 1,
    configLost: 1,
    unreachable: 1,
    replaced: 0,
    connecting: 0,
    released: 0,
    withoutEffect: 1,
    keysWithoutEffect: 2,
  });
  const ranks = async (withoutEffect: boolean) =>
    valueOf(await db.meshes.hosts(id, { limit: 9, withoutEffect })).items.map(({ rank }) => rank);
  expect(await Promise.all([ranks(true), ranks(false)])).toEqual([[0], [1, 2]]);
  const { items } = valueOf(await db.meshes.hosts(id, { limit: 2 }));
  expect(items).toEqual([
    { ...shadowed, address: 'tcp:10.0.0.0:26600', takenOver: null },
    { ...lost, hostname: 'gpu\uFFFD', address: 'tcp:10.0.0.1:26600', takenOver: null },
  ]);
});

test('hosts are found by health and part of address, id or name, page by page', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db);
  await db.meshes.saveHosts(id, OWNER, [heard(0), heard(1, { health: 'unreachable' }), heard(2)]);
  const first = valueOf(await db.meshes.hosts(id, { limit: 1, health: 'healthy' }));
  expect(first).toMatchObject({ items: [{ rank: 0 }], total: 2 });
  const cursor = first.nextCursor ?? undefined;
  expect(valueOf(await db.meshes.hosts(id, { limit: 1, health: 'healthy', cursor }))).toMatchObject({
    items: [{ rank: 2 }],
    nextCursor: null,
  });
  expect(valueOf(await db.meshes.hosts(id, { limit: 9, q: 'GPU1' })).items).toMatchObject([{ rank: 1 }]);
  for await (const page of db.meshes.readHosts(id, { health: 'unreachable' })) {
    expect(page).toMatchObject([{ rank: 1 }]);
  }
});

test('a host id leads to the host of a live mesh', async () => {
  const db = await openTestDatabase();
  await attachMesh(db);
  const meshId = await attachMesh(db, { mesh: 'other' });
  expect(await db.meshes.findHost('host_2')).toMatchObject({ meshId, host: { rank: 2 } });
  expect(await db.meshes.findHost('host_9')).toBeUndefined();
});

test('meshes are listed newest first, and found by state and part of their name', async () => {
  const db = await openTestDatabase();
  const replaced = await attachMesh(db, { mesh: 'a' });
  const live = [
    await attachMesh(db, { mesh: 'a', extent: anotherShape }),
    await attachMesh(db, { mesh: 'b' }),
  ]
    .toSorted()
    .toReversed();
  const find = async (query: object) =>
    valueOf(await db.meshes.list({ limit: 10, ...query })).items.map((mesh) => mesh.id);
  expect(await find({ state: 'attached' })).toEqual(live);
  expect(await find({ state: 'replaced', q: 'A' })).toEqual([replaced]);
  const [first] = await find({});
  const page = valueOf(await db.meshes.list({ limit: 1 }));
  expect(page).toMatchObject({ items: [{ id: first }], total: 3 });
  expect(await find({ cursor: page.nextCursor })).toHaveLength(2);
});

test('ending a mesh releases its hosts and frees its name', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db);
  expect((await db.meshes.beginEnd(id, anEnd)).ok).toBe(true);
  expect(await db.meshes.beginEnd(id, anEnd)).toMatchObject({ fault: { code: 'mesh_busy' } });
  expect(await db.attempts.create(aNewAttempt())).toMatchObject({
    fault: { code: 'mesh_busy', attemptId: null },
  });
  expect(await db.meshes.finishEnd(id, anEnd, heardAt)).toEqual([]);
  expect(await db.meshes.get(id)).toMatchObject({
    state: 'stopped',
    endedAt: heardAt,
    hosts: { released: 3 },
  });
  expect(await db.meshes.finishEnd(id, { ...anEnd, act: 'shutdown' }, heardAt)).toBe(null);
  expect(await db.meshes.beginEnd(id, anEnd)).toMatchObject({ fault: { code: 'mesh_ended' } });
  expect(await db.meshes.beginEnd('mesh_none', anEnd)).toMatchObject({ fault: { code: 'mesh_not_found' } });
  expect((await db.attempts.create(aNewAttempt())).ok).toBe(true);
});

test('an end that is taken back leaves the mesh attached', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db);
  await db.meshes.beginEnd(id, anEnd);
  expect(await db.meshes.revertEnd(id, anEnd)).toBe(true);
  expect(await db.meshes.get(id)).toMatchObject({ state: 'attached', hosts: { healthy: 3 } });
  expect(await db.meshes.revertEnd(id, anEnd)).toBe(false);
});

test('a mesh that an attempt works on does not end', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  await storeAttempt(db, { kind: 'push', meshId });
  expect(await db.meshes.beginEnd(meshId, anEnd)).toMatchObject({ fault: { code: 'mesh_busy' } });
});

test('of an end and an attempt that begin at once exactly one goes ahead', async () => {
  const db = await openTestDatabase();
  for (let round = 0; round < 10; round += 1) {
    const mesh = `m${round}`;
    const meshId = await attachMesh(db, { mesh });
    const [end, attempt] = await Promise.all([
      db.meshes.beginEnd(meshId, anEnd),
      db.attempts.create(aNewAttempt({ mesh, kind: 'push', meshId })),
    ]);
    expect([end.ok, attempt.ok].toSorted()).toEqual([false, true]);
  }
});

test('a mesh whose watcher is gone is claimed once, and its hosts have to be heard again', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db, { lease: { owner: OWNER, durationMs: 0 } });
  const other = { owner: 'api-2', durationMs: 60_000 };
  const claims = await Promise.all([
    db.meshes.claim({ lease: other, includeOwn: false }, heardAt),
    db.meshes.claim({ lease: { ...other, owner: 'api-3' }, includeOwn: false }, heardAt),
  ]);
  expect(claims.flat()).toMatchObject([{ id, state: 'attached', hosts: { connecting: 3, healthy: 0 } }]);
  expect(await db.meshes.saveHosts(id, OWNER, [heard(0)])).toMatchObject({ fault: { code: 'lease_lost' } });
  expect(await db.meshes.renewLeases(lease)).toEqual([]);
});

test('a renewed lease keeps a mesh from being claimed, but not by a new life of its replica', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db, { lease: { owner: OWNER, durationMs: 0 } });
  expect(await db.meshes.renewLeases(lease)).toEqual([id]);
  expect(await db.meshes.claim({ lease, includeOwn: false }, heardAt)).toEqual([]);
  expect(await db.meshes.claim({ lease, includeOwn: true }, heardAt)).toMatchObject([{ id }]);
});

test('every change of the health of hosts and of the state of meshes and attempts is noted once, with how long it lasted', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db, { mesh: 'a' });
  const at = (second: number) => new Date(heardAt.getTime() + second * 1000);
  const save = (rank: number, health: MeshHostRow['health'], since: Date, reason: string | null = null) =>
    db.meshes.saveHosts(id, OWNER, [heard(rank, { health, since, reason })]);
  await save(1, 'unreachable', at(0), 'no answer for 5s');
  await save(1, 'unreachable', at(0), 'connection refused');
  await save(1, 'healthy', at(120));
  await save(0, 'healthy', at(130));
  const changes = async (subject: 'host' | 'mesh', rank?: number) =>
    valueOf(await db.changes.list({ subject, subjectId: id, rank, limit: 10 })).items;
  expect(await changes('host', 1)).toMatchObject([
    { from: 'unreachable', to: 'healthy', why: null, at: at(120), until: null },
    { from: 'healthy', to: 'unreachable', why: 'no answer for 5s', at: at(0), until: at(120) },
  ]);
  expect(await changes('host', 0)).toEqual([]);
  const first = valueOf(await db.changes.list({ subjectId: id, rank: 1, limit: 1 }));
  expect(first).toMatchObject({ items: [{ to: 'healthy' }], total: 2 });
  const cursor = first.nextCursor ?? undefined;
  expect(valueOf(await db.changes.list({ subjectId: id, rank: 1, limit: 1, cursor }))).toMatchObject({
    items: [{ to: 'unreachable', until: at(120) }],
    nextCursor: null,
  });

  await db.meshes.beginEnd(id, anEnd);
  await db.meshes.finishEnd(id, anEnd, at(200));
  expect((await changes('mesh')).map(({ to }) => to)).toEqual(['stopped', 'stopping', 'attached']);
  expect(await changes('host', 0)).toMatchObject([{ from: 'healthy', to: 'released', at: at(200) }]);
  const { attempt } = (await db.meshes.get(id)) ?? { attempt: { id: '' } };
  const ofAttempt = valueOf(await db.changes.list({ subjectId: attempt.id, limit: 10 }));
  expect(ofAttempt.items.map(({ from, to }) => [from, to])).toEqual([
    ['running', 'attached'],
    [null, 'running'],
  ]);
});

test('a host that changes several times within one batch has each change noted, in order, and once however often it is written', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db);
  const at = (ms: number) => new Date(heardAt.getTime() + ms);
  const flaps = [
    heard(1, { health: 'unreachable', since: at(10), reason: 'connection refused' }),
    heard(2, { health: 'unreachable', since: at(10) }),
    heard(1, { health: 'healthy', since: at(20) }),
    heard(1, { health: 'unreachable', since: at(30), reason: 'no answer for 5s' }),
    heard(1, { health: 'connecting', since: at(40), changedBy: { by: 'ops', act: 'forget' } }),
  ];
  for (const batch of [flaps, flaps, flaps.slice(1)]) valueOf(await db.meshes.saveHosts(id, OWNER, batch));
  const changes = valueOf(await db.changes.list({ subjectId: id, rank: 1, limit: 10 })).items;
  expect(changes.map(({ from, to, by, act, at }) => [from, to, by, act, at])).toEqual([
    ['unreachable', 'connecting', 'ops', 'forget', at(40)],
    ['healthy', 'unreachable', 'console', 'observe', at(30)],
    ['unreachable', 'healthy', 'console', 'observe', at(20)],
    ['healthy', 'unreachable', 'console', 'observe', at(10)],
  ]);
  expect(valueOf(await db.changes.list({ subjectId: id, rank: 2, limit: 10 })).total).toBe(1);
  const { items } = valueOf(await db.meshes.hosts(id, { limit: 3 }));
  expect(items.map(({ health }) => health)).toEqual(['healthy', 'connecting', 'unreachable']);
});

test('a change of a state that does not say who makes it is refused', async () => {
  const db = await openTestDatabase();
  const id = await attachMesh(db);
  for (const change of [
    `UPDATE "Mesh" SET state = 'stopping' WHERE id = '${id}'`,
    `UPDATE "MeshHost" SET health = 'unreachable' WHERE "meshId" = '${id}'`,
    `UPDATE "Attempt" SET state = 'failed' WHERE "meshId" = '${id}'`,
  ])
    await expect(runSql(db.url, change)).rejects.toThrow('has to say who makes it');
});
