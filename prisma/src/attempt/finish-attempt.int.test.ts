import { expect, test } from 'vitest';
import {
  aHost,
  aNewAttempt,
  anotherShape,
  aRefusal,
  attachMesh,
  decidedAt,
  endedBy,
  OWNER,
  startedAt,
  storeAttempt,
  useTestDatabase,
  valueOf,
} from '../testing/fixture.ts';

const openTestDatabase = useTestDatabase();

const success = { decidedAt, mesh: { id: 'mesh_new', ref: 'train{hosts=3}' } };

test('attached is refused while one host is not recorded as installed, and changes nothing', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db);
  for (const second of [aHost(1, { state: 'awaiting_ack' }), aRefusal(1)]) {
    await db.attempts.saveHosts(id, OWNER, [aHost(0), second, aHost(2)]);
    expect(await db.attempts.finishAttached(id, OWNER, success)).toMatchObject({
      ok: false,
      fault: { code: 'not_installed', counts: { total: 3, installed: 2 } },
    });
  }
  expect(await db.attempts.get(id)).toMatchObject({ state: 'running', meshId: null, decidedAt: null });
  expect(await db.meshes.get('mesh_new')).toBeUndefined();
});

test('attached makes the mesh with every host healthy, and settles the attempt', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db);
  await db.attempts.saveHosts(id, OWNER, [
    aHost(0, { shadowedKeys: [{ key: 'A', layer: 'Env' }], unknownKeys: ['B'] }),
    aHost(1),
    aHost(2),
  ]);
  const { attempt, replacedMeshId } = valueOf(await db.attempts.finishAttached(id, OWNER, success));
  expect(attempt).toMatchObject({ state: 'attached', meshId: 'mesh_new', decidedAt, settledAt: decidedAt });
  expect(replacedMeshId).toBeNull();
  expect(await db.meshes.get('mesh_new')).toMatchObject({
    name: 'train',
    state: 'attached',
    ref: 'train{hosts=3}',
    extent: { labels: ['hosts'], sizes: [3] },
    attempt: { id, state: 'attached', startedAt },
    hosts: {
      total: 3,
      healthy: 3,
      connecting: 0,
      configLost: 0,
      unreachable: 0,
      released: 0,
      withoutEffect: 1,
    },
    leaseOwner: OWNER,
    endedAt: null,
  });
  expect(valueOf(await db.meshes.hosts('mesh_new', { limit: 1 })).items).toEqual([
    expect.objectContaining({
      rank: 0,
      address: 'tcp:10.0.0.0:26600',
      hostId: 'host_0',
      health: 'healthy',
      lastHeardAt: decidedAt,
      configDigest: 'sha256:1',
      withoutEffect: [
        { key: 'A', layer: 'Env' },
        { key: 'B', layer: null },
      ],
    }),
  ]);
  expect(await db.attempts.finishAttached(id, OWNER, success)).toMatchObject({
    fault: { code: 'lease_lost' },
  });
});

test('attached is refused to a replica whose attempt was taken over', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { lease: { owner: OWNER, durationMs: 0 } });
  await db.attempts.saveHosts(id, OWNER, [aHost(0), aHost(1), aHost(2)]);
  await db.attempts.claimOrphans({ lease: { owner: 'api-2', durationMs: 60_000 }, includeOwn: false });
  expect(await db.attempts.finishAttached(id, OWNER, success)).toMatchObject({
    fault: { code: 'lease_lost' },
  });
  expect((await db.attempts.get(id))?.state).toBe('interrupted');
});

test('a later attach of the same name takes the place of the mesh and releases its hosts', async () => {
  const db = await openTestDatabase();
  const former = await attachMesh(db);
  const { id } = await storeAttempt(db, { extent: anotherShape });
  await db.attempts.saveHosts(id, OWNER, [aHost(0), aHost(1), aHost(2)]);
  expect(valueOf(await db.attempts.finishAttached(id, OWNER, success)).replacedMeshId).toBe(former);
  expect(await db.meshes.get(former)).toMatchObject({
    state: 'replaced',
    endedAt: decidedAt,
    hosts: { total: 3, healthy: 0, released: 3 },
  });
  const { items } = valueOf(await db.meshes.hosts(former, { limit: 10, health: 'released' }));
  expect(items).toHaveLength(3);
});

test('a push gives the mesh the new config and makes no other', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const snapshot = { digest: 'sha256:2', json: '{"A":"1"}' };
  const push = await storeAttempt(db, { kind: 'push', meshId, snapshot, epoch: 7 });
  await db.attempts.saveHosts(push.id, OWNER, [aHost(0), aHost(1), aHost(2)]);
  expect(valueOf(await db.attempts.finishAttached(push.id, OWNER, { decidedAt }))).toMatchObject({ meshId });
  expect(await db.meshes.get(meshId)).toMatchObject({
    configDigest: 'sha256:2',
    epoch: 7,
    attempt: { id: push.id },
  });
  const { items } = valueOf(await db.meshes.hosts(meshId, { limit: 10 }));
  expect(items.map((host) => host.configDigest)).toEqual(['sha256:2', 'sha256:2', 'sha256:2']);
  expect(valueOf(await db.meshes.list({ limit: 10 })).total).toBe(1);
});

test('an end without success leaves no host without a verdict, and asks all that may hold the snapshot', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { hosts: 4 });
  await db.attempts.saveHosts(id, OWNER, [
    aHost(0),
    aRefusal(1),
    aHost(2, { state: 'awaiting_ack' }),
    aHost(3, { state: 'failed', failure: { kind: 'ReplyTimedOut', message: 'timed out' } }),
  ]);
  const unfinished = { kind: 'Cancelled', message: 'cancelled by admin' };
  const ending = {
    state: 'cancelled',
    reason: 'cancelled by admin',
    unfinished,
    decidedAt,
    endedBy,
  } as const;
  expect(valueOf(await db.attempts.finish(id, OWNER, ending))).toMatchObject({
    state: 'cancelled',
    reason: 'cancelled by admin',
    counts: { installed: 1, failed: 3, pending: 0 },
    settledAt: null,
  });
  const { items } = valueOf(await db.attempts.hosts(id, { limit: 10 }));
  expect(items.map((host) => [host.failure?.kind, host.restore?.kind])).toEqual([
    [undefined, 'pending'],
    ['SendFailed', 'not_needed'],
    ['Cancelled', 'pending'],
    ['ReplyTimedOut', 'pending'],
  ]);
  expect(await db.attempts.finish(id, OWNER, ending)).toMatchObject({ fault: { code: 'lease_lost' } });
  expect(valueOf(await db.attempts.create(aNewAttempt())).created).toBe(true);
});

test('a heal of some hosts, interrupted at any moment, leaves nothing to restore and the mesh as it was', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  const before = await db.meshes.get(meshId);
  const heal = { kind: 'heal', meshId, ranks: [0, 2], addresses: ['tcp:h0:1', 'tcp:h2:1'] } as const;
  const { id } = await storeAttempt(db, heal);
  await db.attempts.saveHosts(id, OWNER, [aHost(2)]);
  const [interrupted] = await db.attempts.claimOrphans({
    lease: { owner: OWNER, durationMs: 1000 },
    includeOwn: true,
  });
  expect(interrupted).toMatchObject({
    state: 'interrupted',
    counts: { total: 2, installed: 1, failed: 1, restored: 0, residue: 0 },
    settledAt: expect.any(Date),
  });
  expect(await db.meshes.get(meshId)).toMatchObject({ attempt: before?.attempt, epoch: before?.epoch });
});
