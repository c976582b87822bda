import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignFaults } from './assign-faults.ts';

test('exactly as many different hosts as a rule says get its fault', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer(),
      (refuse, hang, seed) => {
        const faults = assignFaults(40, {
          seed,
          rules: [
            { fault: { kind: 'refuse' }, count: refuse },
            { fault: { kind: 'hang_after_accept' }, count: hang },
          ],
        });
        const kinds = [...faults.values()].map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'refuse')).toHaveLength(refuse);
        expect(kinds.filter((kind) => kind === 'hang_after_accept')).toHaveLength(hang);
        expect([...faults.keys()].every((rank) => rank >= 0 && rank < 40)).toBe(true);
      },
    ),
  );
});

test('the same seed chooses the same hosts, another one others', () => {
  const choose = (seed: number): number[] => [
    ...assignFaults(1000, { seed, rules: [{ fault: { kind: 'refuse' }, count: 100 }] }).keys(),
  ];
  expect(choose(1)).toEqual(choose(1));
  expect(choose(1)).not.toEqual(choose(2));
});
