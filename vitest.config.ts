import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/.next/**', '.hostmesh/**', 'e2e/**'];

/** Two projects: `unit` touches nothing but memory; `int` uses real processes, sockets and Postgres. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Nothing is mocked and no module keeps state that a test can see, so all files share one world.
          isolate: false,
          include: ['**/*.test.{ts,tsx}'],
          // Ends what hangs; what is slow on a busy machine is no failure.
          testTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
          exclude: [...ignored, '**/*.int.test.ts'],
        },
      },
      {
        test: {
          name: 'int',
          // What the API is made of is read once per worker; what a test may not see of another is an argument there.
          isolate: false,
          include: ['**/*.int.test.ts'],
          exclude: ignored,
          globalSetup: 'prisma/src/testing/global-setup.ts',
          // They mostly wait for processes and deadlines, so that more of them than there are cores finish sooner.
          maxWorkers: 4,
          // A run of both projects needs an order of the two.
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 60_000,
          // On a busy machine everything comes late; what has not come by then does not come.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
