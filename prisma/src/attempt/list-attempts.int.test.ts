import { expect, test } from 'vitest';
import type { Database } from '../open.ts';
import {
  aHost,
  aRefusal,
  decidedAt,
  endedBy,
  OWNER,
  startedAt,
  storeAttempt,
  useTestDatabase,
  valueOf,
} from '../testing/fixture.ts';
import type { AttemptHostFilter } from './list-attempts.ts';

const openTestDatabase = useTestDatabase();

const ids = (page: { items: { id: string }[] }) => page.items.map((item) => item.id);

async function ranks(db: Database, id: string, filter: AttemptHostFilter): Promise<number[]> {
  return valueOf(await db.attempts.hosts(id, { limit: 100, ...filter })).items.map((host) => host.rank);
}

test('pages show every attempt exactly once, newest first, however many share a time', async () => {
  const db = await openTestDatabase();
  const oldest = await storeAttempt(db, { mesh: 'old', startedAt: new Date(startedAt.getTime() - 1) });
  const same = [];
  for (let number = 0; number < 5; number += 1)
    same.push((await storeAttempt(db, { mesh: `m${number}` })).id);
  const newest = await storeAttempt(db, { mesh: 'new', startedAt: new Date(startedAt.getTime() + 1) });

  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = valueOf(await db.attempts.list({ limit: 2, cursor }));
    expect(page.total).toBe(7);
    seen.push(...ids(page));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([newest.id, ...same.toSorted().toReversed(), oldest.id]);
});

test('attempts are found by state, mesh and part of id, mesh or requester', async () => {
  const db = await openTestDatabase();
  const running = await storeAttempt(db, { mesh: 'Train_1' });
  const other = await storeAttempt(db, { mesh: 'serve', requestedBy: 'ci' });
  const unfinished = { kind: 'CastFailed', message: 'not started' };
  await db.attempts.finish(other.id, OWNER, { state: 'failed', unfinished, decidedAt, endedBy });
  const find = async (query: object) => ids(valueOf(await db.attempts.list({ limit: 10, ...query })));
  expect(await find({ state: 'running' })).toEqual([running.id]);
  expect(await find({ mesh: 'serve' })).toEqual([other.id]);
  expect(await find({ q: 'train' })).toEqual([running.id]);
  expect(await find({ q: 'CI' })).toEqual([other.id]);
  expect(await find({ q: other.id.slice(4, 20) })).toEqual([other.id]);
  expect(await find({ q: 'n_1' })).toEqual([running.id]);
});

test('text to look for is looked for as it is, also where SQL has a pattern', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { mesh: 'train1' });
  const find = async (q: string) => ids(valueOf(await db.attempts.list({ limit: 10, q })));
  expect(await find('train1')).toEqual([id]);
  for (const q of ['tr%n1', 'n_1', '\\', '\0']) expect(await find(q)).toEqual([]);
});

test('hosts are paged in rank order, and the total counts what the filter lets through', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { hosts: 5 });
  await db.attempts.saveHosts(id, OWNER, [aRefusal(0), aHost(1), aRefusal(3), aRefusal(4)]);
  const first = valueOf(await db.attempts.hosts(id, { limit: 2, state: 'failed' }));
  expect(first).toMatchObject({ items: [{ rank: 0 }, { rank: 3 }], total: 3 });
  const cursor = first.nextCursor ?? undefined;
  expect(valueOf(await db.attempts.hosts(id, { limit: 2, state: 'failed', cursor }))).toMatchObject({
    items: [{ rank: 4 }],
    nextCursor: null,
    total: 3,
  });
});

test('hosts are found by failure, restore and part of address or host id', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { hosts: 4 });
  await db.attempts.saveHosts(id, OWNER, [
    aRefusal(0),
    aHost(1, { restore: { kind: 'residue', reason: 'gone' } }),
    aHost(2, { state: 'failed', failure: { kind: 'Rejected', message: 'no', code: 'STALE_EPOCH' } }),
  ]);
  expect(await ranks(db, id, { kind: 'SendFailed' })).toEqual([0]);
  expect(await ranks(db, id, { code: 'STALE_EPOCH' })).toEqual([2]);
  expect(await ranks(db, id, { restore: 'residue' })).toEqual([1]);
  expect(await ranks(db, id, { state: 'queued' })).toEqual([3]);
  expect(await ranks(db, id, { q: '0.0.3:' })).toEqual([3]);
  expect(await ranks(db, id, { q: 'HOST_2' })).toEqual([2]);
  expect(await ranks(db, id, { q: 'host_2', state: 'installed' })).toEqual([]);
});

test('failures are grouped by cause, the most frequent first; no host is named where none is to blame', async () => {
  const db = await openTestDatabase();
  const { id } = await storeAttempt(db, { hosts: 5 });
  const own = { kind: 'CastFailed', code: 'own_limit', message: 'too many open files' };
  const timedOut = { state: 'failed', failure: { kind: 'ReplyTimedOut', message: 'timed out' } } as const;
  await db.attempts.saveHosts(id, OWNER, [
    aHost(0, timedOut),
    aRefusal(1),
    aHost(2),
    aRefusal(3),
    aHost(4, { state: 'failed', failure: own }),
  ]);
  expect(await db.attempts.failureGroups(id)).toEqual([
    {
      kind: 'SendFailed',
      code: 'ECONNREFUSED',
      message: 'connection refused',
      count: 2,
      firstAddress: 'tcp:10.0.0.1:26600',
    },
    { kind: 'ReplyTimedOut', code: null, message: 'timed out', count: 1, firstAddress: 'tcp:10.0.0.0:26600' },
    { kind: 'CastFailed', code: 'own_limit', message: own.message, count: 1, firstAddress: null },
  ]);
});

test('a cursor of another list is refused', async () => {
  const db = await openTestDatabase();
  const refused = { ok: false, fault: { code: 'invalid_cursor' } };
  expect(await db.attempts.list({ limit: 1, cursor: 'x' })).toMatchObject(refused);
  expect(await db.attempts.hosts('att_1', { limit: 1, cursor: '-1' })).toMatchObject(refused);
});
