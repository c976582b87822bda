import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterDeath, noBackoff } from './restart-backoff.ts';

test('quick deaths double the wait up to a limit, and a long run makes it short again', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60_000), { minLength: 1 }), (runs) => {
      let before = noBackoff;
      for (const ranForMs of runs) {
        const next = afterDeath(before, ranForMs);
        expect(next.delayMs).toBeGreaterThanOrEqual(500);
        expect(next.delayMs).toBeLessThanOrEqual(30_000);
        if (before.restarts > 0 && ranForMs < 30_000)
          expect(next.delayMs).toBe(Math.min(before.delayMs * 2, 30_000));
        else expect(next).toEqual({ restarts: 1, delayMs: 500 });
        before = next;
      }
    }),
  );
});
