import { createTestDatabase, runSql } from '@hostmesh/db/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';

test('a database that lacks migrations is told of as such, with their names and what to do, and serves as soon as it has them', async () => {
  const { url, release } = await createTestDatabase();
  onTestFinished(release);
  const api = await startTestApi({ databaseUrl: url });
  const lacked = '20261128090000_attempt_without_effect';
  await runSql(url, 'ALTER TABLE "Attempt" RENAME "withoutEffectCount" TO "notYet"');
  await runSql(
    url,
    `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${lacked}'`,
  );
  const behind = { status: 503, body: { code: 'schema_behind', title: 'The database lacks migrations' } };
  const ready = await api.send('GET', '/ready');
  expect(ready).toMatchObject(behind);
  expect(ready.body.detail).toContain(`(${lacked}): apply them with pnpm db:migrate`);
  const listed = await api.send('GET', '/attach-attempts');
  expect(listed).toMatchObject(behind);
  expect(listed.body.detail).toContain('apply them with pnpm db:migrate');
  await runSql(url, 'ALTER TABLE "Attempt" RENAME "notYet" TO "withoutEffectCount"');
  await runSql(url, 'UPDATE _prisma_migrations SET rolled_back_at = NULL');
  expect((await api.send('GET', '/ready')).status).toBe(200);
  expect((await api.send('GET', '/attach-attempts')).status).toBe(200);
});
