import { expect, test } from 'vitest';
import { useTestDatabase, valueOf } from '../testing/fixture.ts';

const openTestDatabase = useTestDatabase();

const at = new Date('2026-03-01T12:00:00.000Z');
const entry = (id: string) => ({
  id,
  at,
  actor: 'admin',
  action: 'attach.start',
  target: 'att_1',
  outcome: 'accepted',
  requestId: `req_${id}`,
});

test('entries are listed newest first, each once, however many share a time', async () => {
  const db = await openTestDatabase();
  for (const id of ['b', 'c', 'a']) await db.audit.append(entry(id));
  await db.audit.append({ ...entry('0'), at: new Date(at.getTime() + 1) });
  const first = valueOf(await db.audit.list({ limit: 2 }));
  expect(first.items).toMatchObject([{ id: '0' }, entry('c')]);
  const rest = valueOf(await db.audit.list({ limit: 2, cursor: first.nextCursor ?? undefined }));
  expect(rest).toMatchObject({ items: [entry('b'), entry('a')], nextCursor: null });
});

test('entries are found by part of actor, action, target or request', async () => {
  const db = await openTestDatabase();
  await db.audit.append(entry('a'));
  await db.audit.append({ ...entry('b'), actor: 'ci', target: null });
  const find = async (q: string) =>
    valueOf(await db.audit.list({ limit: 9, q })).items.map((item) => item.id);
  expect(await find('CI')).toEqual(['b']);
  expect(await find('att_1')).toEqual(['a']);
  expect(await find('req_b')).toEqual(['b']);
  expect(await find('attach')).toEqual(['b', 'a']);
});

test('a target that Postgres cannot hold is kept as far as it can', async () => {
  const db = await openTestDatabase();
  await db.audit.append({ ...entry('a'), target: 'x\0y' });
  expect(valueOf(await db.audit.list({ limit: 1 })).items[0]?.target).toBe('x\uFFFDy');
});

test('what is repeated at once is one entry that knows how often, and when first and last', async () => {
  const db = await openTestDatabase();
  const repeated = { ...entry('a'), requestId: 'req_first' };
  await db.audit.appendOrCount(repeated);
  expect(valueOf(await db.audit.list({ limit: 9 })).items).toEqual([{ ...repeated, count: 1, lastAt: null }]);
  const later = new Date(at.getTime() + 1000);
  await Promise.all(
    Array.from({ length: 9 }, () =>
      db.audit.appendOrCount({ ...entry('a'), at: later, requestId: 'req_later' }),
    ),
  );
  expect(valueOf(await db.audit.list({ limit: 9 })).items).toEqual([
    { ...repeated, count: 10, lastAt: later },
  ]);
});
