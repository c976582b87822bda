import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEpochSource } from './epoch-source.ts';

test('epochs grow whatever the clock does', () => {
  const times = fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }));
  fc.assert(
    fc.property(times, (all) => {
      let nowMs = 1_700_000_000_000;
      const epochs = createEpochSource(() => nowMs);
      let last = epochs.next();
      for (nowMs of all) {
        const next = epochs.next();
        expect(next).toBeGreaterThan(last);
        expect(Number.isSafeInteger(next)).toBe(true);
        last = next;
      }
    }),
  );
});
