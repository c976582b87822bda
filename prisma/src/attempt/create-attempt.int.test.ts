import { expect, test } from 'vitest';
import {
  aNewAttempt,
  anotherShape,
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

test('an attempt and a queued row for each of its hosts are there before anything is sent', async () => {
  const db = await openTestDatabase();
  const { created, attempt } = valueOf(await db.attempts.create(aNewAttempt({ firstRanks: [2, 0] })));
  expect(created).toBe(true);
  expect(await db.attempts.get(attempt.id)).toEqual(attempt);
  expect(attempt).toMatchObject({
    state: 'running',
    startedAt,
    firstRanks: [2, 0],
    epoch: 1_772_366_400_000_000,
    extent: { labels: ['hosts'], sizes: [3] },
    counts: {
      total: 3,
      installed: 0,
      failed: 0,
      pending: 3,
      restoring: 0,
      restored: 0,
      residue: 0,
      withoutEffect: 0,
      keysWithoutEffect: 0,
    },
  });
  expect(await db.attempts.targets(attempt.id)).toEqual([
    { rank: 0, address: 'tcp:10.0.0.0:26600', hostId: null, state: 'queued' },
    { rank: 1, address: 'tcp:10.0.0.1:26600', hostId: null, state: 'queued' },
    { rank: 2, address: 'tcp:10.0.0.2:26600', hostId: null, state: 'queued' },
  ]);
  expect(await db.snapshotJson('sha256:1')).toBe('{}');
});

test('ten thousand hosts are written with a row each, in rank order', async () => {
  const db = await openTestDatabase();
  const attempt = await storeAttempt(db, { hosts: 10_000 });
  const targets = await db.attempts.targets(attempt.id);
  expect(targets).toHaveLength(10_000);
  expect(targets[9_999]).toEqual({
    rank: 9_999,
    address: 'tcp:10.0.0.9999:26600',
    hostId: null,
    state: 'queued',
  });
});

test('of concurrent requests with one idempotency key exactly one creates, and all get its attempt', async () => {
  const db = await openTestDatabase();
  const idempotency = { key: 'k1', requestHash: 'h1' };
  const results = await Promise.all(
    Array.from({ length: 8 }, () => db.attempts.create(aNewAttempt({ idempotency, hosts: 200 }))),
  );
  const values = results.map(valueOf);
  expect(values.filter((value) => value.created)).toHaveLength(1);
  expect(new Set(values.map((value) => value.attempt.id)).size).toBe(1);
  expect(valueOf(await db.attempts.list({ limit: 10 })).total).toBe(1);
});

test('an idempotency key with another request is a conflict that names the first attempt', async () => {
  const db = await openTestDatabase();
  const first = await storeAttempt(db, { idempotency: { key: 'k1', requestHash: 'h1' } });
  const again = aNewAttempt({ idempotency: { key: 'k1', requestHash: 'h2' } });
  expect(await db.attempts.create(again)).toMatchObject({
    ok: false,
    fault: { code: 'idempotency_conflict', attemptId: first.id },
  });
  const others = aNewAttempt({
    idempotency: { key: 'k1', requestHash: 'h2' },
    requestedBy: 'ci',
    mesh: 'other',
  });
  expect(valueOf(await db.attempts.create(others)).created).toBe(true);
});

test('a repeated request gets its attempt even when the mesh is busy by now', async () => {
  const db = await openTestDatabase();
  const idempotency = { key: 'k1', requestHash: 'h1' };
  const first = await storeAttempt(db, { idempotency });
  await db.attempts.finish(first.id, OWNER, {
    state: 'cancelled',
    unfinished: { kind: 'Cancelled', message: 'cancelled' },
    decidedAt,
    endedBy,
  });
  await storeAttempt(db);
  expect(valueOf(await db.attempts.create(aNewAttempt({ idempotency })))).toMatchObject({
    created: false,
    attempt: { id: first.id, state: 'cancelled' },
  });
});

test('of concurrent attempts on one mesh exactly one runs, and the others name it', async () => {
  const db = await openTestDatabase();
  const results = await Promise.all(Array.from({ length: 6 }, () => db.attempts.create(aNewAttempt())));
  const [winner, ...more] = results.filter((result) => result.ok);
  expect(more).toEqual([]);
  const losers = results.filter((result) => !result.ok);
  expect(losers.map((result) => result.fault)).toEqual(
    losers.map(() => expect.objectContaining({ code: 'mesh_busy', attemptId: winner?.value.attempt.id })),
  );
});

test('a push needs a mesh that is attached', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db);
  await attachMesh(db, { extent: anotherShape });
  const push = aNewAttempt({ kind: 'push', meshId });
  expect(await db.attempts.create(push)).toMatchObject({ ok: false, fault: { code: 'mesh_ended' } });
  expect(await db.attempts.get(push.id)).toBeUndefined();
  expect(await db.attempts.targets(push.id)).toEqual([]);
});

test('the attempts that retry one are listed with it', async () => {
  const db = await openTestDatabase();
  const parent = await storeAttempt(db, { mesh: 'a' });
  const retry = await storeAttempt(db, { mesh: 'b', parentId: parent.id });
  expect(await db.attempts.get(parent.id)).toMatchObject({ retryIds: [retry.id] });
  expect(retry.parentId).toBe(parent.id);
});
