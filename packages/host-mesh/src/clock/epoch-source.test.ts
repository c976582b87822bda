import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEpochSource } from './epoch-source.ts';

const DAY_MS = 86_400_000;

describe('epoch source', () => {
  test('epochs grow whatever the clock does and whatever is observed', () => {
    const step = fc.oneof(
      fc.record({ clockMs: fc.integer({ min: 0, max: 4_000_000_000_000 }) }),
      fc.record({ observed: fc.maxSafeNat() }),
      fc.constant({ next: true }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let nowMs = 1_700_000_000_000;
        const epochs = createEpochSource(() => nowMs);
        let last = epochs.next();
        for (const s of steps) {
          if ('clockMs' in s) nowMs = s.clockMs;
          else if ('observed' in s) epochs.observe(s.observed);
          const next = epochs.next();
          expect(next).toBeGreaterThan(last);
          expect(Number.isSafeInteger(next)).toBe(true);
          last = next;
        }
      }),
    );
  });

  test('an epoch that a host has seen is passed by the next one', () => {
    const epochs = createEpochSource(() => 1_000);
    epochs.observe(5_000_000_000);
    expect(epochs.next()).toBe(5_000_000_001);
  });

  test('an epoch from more than a day ahead is not believed', () => {
    const epochs = createEpochSource(() => 1_000);
    epochs.observe((1_001 + DAY_MS) * 1000);
    expect(epochs.next()).toBe(1_000_000);
  });
});
