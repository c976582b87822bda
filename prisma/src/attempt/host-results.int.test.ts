import { expect, test } from 'vitest';
import {
  aHost,
  aRefusal,
  decidedAt,
  endedBy,
  OWNER,
  storeAttempt,
  useTestDatabase,
  valueOf,
} from '../testing/fixture.ts';

const openTestDatabase = useTestDatabase();

const leaseLost = { ok: false, fault: { code: 'lease_lost' } };

test('a saved host reads back as it was saved, and the counts follow', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db);
  const installed = aHost(0, {
    shadowedKeys: [{ key: 'A', layer: 'Env' }],
    unknownKeys: ['B', 'C'],
    tookOverFrom: 'other client',
    restore: { kind: 'restored', lateInstall: true },
  });
  const counts = valueOf(await db.attempts.saveHosts(id, OWNER, [installed, aRefusal(2)]));
  expect(counts).toEqual({
    total: 3,
    installed: 1,
    failed: 1,
    pending: 1,
    restoring: 0,
    restored: 1,
    residue: 0,
    withoutEffect: 1,
    keysWithoutEffect: 3,
  });
  expect((await db.attempts.get(id))?.counts).toEqual(counts);
  expect(valueOf(await db.attempts.hosts(id, { limit: 10 })).items).toEqual([
    { ...installed, address: 'tcp:10.0.0.0:26600' },
    {
      rank: 1,
      address: 'tcp:10.0.0.1:26600',
      hostId: null,
      state: 'queued',
      failure: null,
      restore: null,
      connectMs: null,
      ackMs: null,
      shadowedKeys: [],
      unknownKeys: [],
      tookOverFrom: null,
      agentVersion: null,
    },
    { ...aRefusal(2), address: 'tcp:10.0.0.2:26600' },
  ]);
});

test('a batch of more rows than one statement takes is written whole', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { hosts: 4_500 });
  const hosts = Array.from({ length: 4_500 }, (_, rank) => aHost(rank));
  expect(valueOf(await db.attempts.saveHosts(id, OWNER, hosts))).toMatchObject({
    installed: 4_500,
    pending: 0,
  });
  const read: (string | null)[] = [];
  for await (const page of db.attempts.readHosts(id)) read.push(...page.map((host) => host.hostId));
  expect(read).toEqual(hosts.map((host) => host.hostId));
});

test('text that Postgres cannot hold does not cost the batch', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db);
  const hostile = aHost(0, {
    state: 'failed',
    failure: { kind: 'Rejected', message: 'a\0b\uD800c', code: '\0' },
    agentVersion: '\0',
  });
  expect(valueOf(await db.attempts.saveHosts(id, OWNER, [hostile, aHost(1)]))).toMatchObject({
    installed: 1,
  });
  const [host] = valueOf(await db.attempts.hosts(id, { limit: 1 })).items;
  expect(host?.failure).toEqual({ kind: 'Rejected', message: 'a\uFFFDb\uFFFDc', code: '\uFFFD' });
});

test('a replica that does not hold the lease writes nothing', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db);
  expect(await db.attempts.saveHosts(id, 'api-2', [aHost(0)])).toMatchObject(leaseLost);
  expect((await db.attempts.get(id))?.counts.installed).toBe(0);
});

test('an attempt that has ended takes restores until none is pending, and no more results', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db);
  const asked = { restore: { kind: 'pending' } } as const;
  await db.attempts.saveHosts(id, OWNER, [aHost(0, asked), aRefusal(1), aHost(2, asked)]);
  const unfinished = { kind: 'CastFailed', message: 'not started' };
  const ended = valueOf(
    await db.attempts.finish(id, OWNER, { state: 'failed', unfinished, decidedAt, endedBy }),
  );
  expect(ended).toMatchObject({ state: 'failed', decidedAt, settledAt: null });

  expect(await db.attempts.saveHosts(id, OWNER, [aHost(1)])).toMatchObject(leaseLost);
  const first = [{ rank: 0, restore: { kind: 'restored', lateInstall: false } as const }];
  expect(ended.counts).toMatchObject({ restoring: 2, restored: 0, residue: 0 });
  expect(valueOf(await db.attempts.saveRestores(id, OWNER, first))).toMatchObject({
    settledAt: null,
    counts: { restoring: 1, restored: 1, residue: 0 },
  });
  const last = [{ rank: 2, restore: { kind: 'residue', reason: 'it does not answer' } as const }];
  expect(await db.attempts.saveRestores(id, 'api-2', last)).toMatchObject(leaseLost);
  expect(valueOf(await db.attempts.saveRestores(id, OWNER, last))).toMatchObject({
    settledAt: expect.any(Date),
    counts: { restoring: 0, restored: 1, residue: 1 },
  });
  expect(await db.attempts.saveRestores(id, OWNER, first)).toMatchObject(leaseLost);

  const { items } = valueOf(await db.attempts.hosts(id, { limit: 10 }));
  expect(items.map((host) => host.restore)).toEqual([
    { kind: 'restored', lateInstall: false },
    { kind: 'not_needed' },
    { kind: 'residue', reason: 'it does not answer' },
  ]);
});
