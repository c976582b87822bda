import { expect, test } from 'vitest';
import {
  aHost,
  aRefusal,
  decidedAt,
  endedBy,
  lease,
  OWNER,
  storeAttempt,
  useTestDatabase,
  valueOf,
} from '../testing/fixture.ts';

const openTestDatabase = useTestDatabase();

const other = { owner: 'api-2', durationMs: 60_000 };
const expired = { owner: OWNER, durationMs: 0 };

test('an attempt whose lease has ended becomes interrupted with a verdict for every host', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { lease: expired });
  await db.attempts.saveHosts(id, OWNER, [aHost(0), aRefusal(1)]);
  const [claimed] = await db.attempts.claimOrphans({ lease: other, includeOwn: false });
  expect(claimed).toMatchObject({
    id,
    state: 'interrupted',
    leaseOwner: 'api-2',
    settledAt: null,
    counts: { total: 3, installed: 1, failed: 2, pending: 0 },
  });
  expect(claimed?.decidedAt).not.toBeNull();
  const { items } = valueOf(await db.attempts.hosts(id, { limit: 10 }));
  expect(items.map((host) => [host.state, host.failure?.kind, host.restore?.kind])).toEqual([
    ['installed', undefined, 'pending'],
    ['failed', 'SendFailed', 'not_needed'],
    ['failed', 'Interrupted', 'pending'],
  ]);
  expect(await db.attempts.saveHosts(id, OWNER, [aHost(2)])).toMatchObject({ fault: { code: 'lease_lost' } });
});

test('an attempt whose lease is alive is left alone, unless it is from an earlier life of the same replica', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db);
  expect(await db.attempts.claimOrphans({ lease: other, includeOwn: true })).toEqual([]);
  expect(await db.attempts.claimOrphans({ lease, includeOwn: false })).toEqual([]);
  expect(await db.attempts.claimOrphans({ lease, includeOwn: true })).toMatchObject([
    { id, state: 'interrupted' },
  ]);
});

test('of replicas that claim at once exactly one gets an orphan', async () => {
  const db = await openTestDatabase();
  await storeAttempt(db, { lease: expired });
  const claims = await Promise.all(
    ['a', 'b', 'c', 'd'].map((owner) =>
      db.attempts.claimOrphans({ lease: { owner, durationMs: 60_000 }, includeOwn: false }),
    ),
  );
  expect(claims.map((claim) => claim.length).toSorted()).toEqual([0, 0, 0, 1]);
});

test('a renewed lease keeps an attempt from being claimed, running or not yet settled', async () => {
  const db = await openTestDatabase();
  const running = await storeAttempt(db, { mesh: 'a', lease: expired });
  const ended = await storeAttempt(db, { mesh: 'b', lease: expired });
  await db.attempts.saveHosts(ended.id, OWNER, [
    aHost(0, { restore: { kind: 'pending' } }),
    aRefusal(1),
    aRefusal(2),
  ]);
  const unfinished = { kind: 'CastFailed', message: 'not started' };
  await db.attempts.finish(ended.id, OWNER, { state: 'failed', unfinished, decidedAt, endedBy });
  expect((await db.attempts.renewLeases(lease)).toSorted()).toEqual([running.id, ended.id].toSorted());
  expect(await db.attempts.claimOrphans({ lease: other, includeOwn: false })).toEqual([]);
});

test('restores that a dead replica left pending go to the one that claims them, and its attempt keeps its end', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { lease: expired });
  await db.attempts.saveHosts(id, OWNER, [
    aHost(0, { restore: { kind: 'pending' } }),
    aRefusal(1),
    aRefusal(2),
  ]);
  const unfinished = { kind: 'CastFailed', message: 'not started' };
  await db.attempts.finish(id, OWNER, { state: 'failed', unfinished, decidedAt, endedBy });
  expect(await db.attempts.claimOrphans({ lease: other, includeOwn: false })).toMatchObject([
    { id, state: 'failed', decidedAt, leaseOwner: 'api-2' },
  ]);
  const restores = [{ rank: 0, restore: { kind: 'not_needed' } as const }];
  expect((await db.attempts.saveRestores(id, OWNER, restores)).ok).toBe(false);
  expect((await db.attempts.saveRestores(id, 'api-2', restores)).ok).toBe(true);
  expect(await db.attempts.claimOrphans({ lease: other, includeOwn: true })).toEqual([]);
});
