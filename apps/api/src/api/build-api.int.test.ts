import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';

test('leases of meshes are renewed although interrupted attempts cannot be taken over', async () => {
  const failed = Promise.withResolvers<void>();
  const renewed = Promise.withResolvers<'renewed'>();
  await startTestApi({
    timing: { leaseMs: 400 },
    wrap: (db) => ({
      ...db,
      attempts: {
        ...db.attempts,
        async claimOrphans(options) {
          if (options.includeOwn) return db.attempts.claimOrphans(options);
          failed.resolve();
          throw new Error('the query took too long');
        },
      },
      meshes: {
        ...db.meshes,
        renewLeases(lease) {
          renewed.resolve('renewed');
          return db.meshes.renewLeases(lease);
        },
      },
    }),
  });
  await failed.promise;
  expect(await Promise.race([renewed.promise, Promise.resolve('not renewed')])).toBe('renewed');
});
