import { expect, test } from 'vitest';
import { useTestDatabase } from '../testing/fixture.ts';

const openTestDatabase = useTestDatabase();

const createdAt = new Date('2026-03-01T12:00:00.000Z');
const later = new Date('2026-03-01T13:00:00.000Z');
const admin = { id: 'tok_1', name: 'admin', hash: 'h1', createdAt };
const session = { hash: 's1', tokenId: 'tok_1', createdAt, expiresAt: later, host: 'localhost:3000' };

test('a token is found by its hash until it is revoked', async () => {
  const db = await openTestDatabase();
  await db.tokens.create(admin);
  await db.tokens.touch('tok_1', later);
  const found = { id: 'tok_1', name: 'admin', createdAt, revokedAt: null, lastUsedAt: later };
  expect(await db.tokens.find('h1')).toEqual(found);
  expect(await db.tokens.find('h2')).toBeUndefined();
  expect(await db.tokens.revoke('tok_1', later)).toBe(true);
  expect(await db.tokens.revoke('tok_1', later)).toBe(false);
  expect(await db.tokens.find('h1')).toBeUndefined();
  expect(await db.tokens.list()).toEqual([{ ...found, revokedAt: later }]);
});

test('of replicas that make the first token at once exactly one succeeds', async () => {
  const db = await openTestDatabase();
  const made = await Promise.all(
    ['1', '2', '3', '4'].map((n) => db.tokens.create({ ...admin, id: `tok_${n}`, hash: `h${n}` })),
  );
  expect(made.filter((result) => result.ok)).toHaveLength(1);
  expect(made.find((result) => !result.ok)).toMatchObject({ fault: { code: 'token_name_taken' } });
  expect(await db.tokens.list()).toHaveLength(1);
});

test('a replaced token has the new secret alone, and its sessions have ended', async () => {
  const db = await openTestDatabase();
  await db.tokens.replace(admin);
  await db.sessions.create(session);
  await db.tokens.replace({ ...admin, id: 'tok_2', hash: 'h2' });
  expect(await db.tokens.find('h1')).toBeUndefined();
  expect(await db.tokens.find('h2')).toMatchObject({ id: 'tok_1', name: 'admin' });
  expect(await db.sessions.find('s1', createdAt)).toBeUndefined();
});

test('a session is found until it expires, is deleted, or its token is revoked', async () => {
  const db = await openTestDatabase();
  await db.tokens.create(admin);
  await db.sessions.create(session);
  expect(await db.sessions.find('s1', createdAt)).toEqual({
    token: { id: 'tok_1', name: 'admin' },
    createdAt,
    expiresAt: later,
    host: 'localhost:3000',
  });
  expect(await db.sessions.find('s1', later)).toBeUndefined();
  expect(await db.sessions.deleteExpired(createdAt)).toBe(0);
  expect(await db.sessions.deleteExpired(later)).toBe(1);
  await db.sessions.create(session);
  await db.sessions.create({ ...session, hash: 's2' });
  await db.sessions.delete('s1');
  expect(await db.sessions.find('s1', createdAt)).toBeUndefined();
  await db.tokens.revoke('tok_1', later);
  expect(await db.sessions.find('s2', createdAt)).toBeUndefined();
});

test('a code counts once, until it expires, and no longer than its token', async () => {
  const db = await openTestDatabase();
  await db.tokens.create(admin);
  const code = { tokenId: 'tok_1', createdAt, expiresAt: later };
  for (const hash of ['c1', 'c2', 'c3']) await db.signInCodes.create({ ...code, hash });
  const used = await Promise.all([1, 2, 3].map(() => db.signInCodes.redeem('c1', createdAt)));
  expect(used.filter((token) => token !== undefined)).toEqual([{ id: 'tok_1', name: 'admin' }]);
  expect(await db.signInCodes.redeem('c2', later)).toBeUndefined();
  await db.tokens.revoke('tok_1', later);
  expect(await db.signInCodes.redeem('c3', createdAt)).toBeUndefined();
});
