import { expect, test } from 'vitest';
import { healed, planHeal, unhealed, type HealState } from './plan-heal.ts';

const looked = (state: HealState, lost: readonly number[], nowMs: number) => {
  const [next, due] = planHeal(state, lost, nowMs);
  return { state: due.length > 0 ? healed(next, due, nowMs) : next, due };
};

test('hosts that lose their config within moments are healed together', () => {
  const thousand = Array.from({ length: 1000 }, (_, rank) => rank);
  const first = looked(unhealed, thousand.slice(0, 300), 0);
  expect(first.due).toEqual([]);
  const second = looked(first.state, thousand, 1000);
  expect(second.due).toEqual([]);
  expect(looked(second.state, thousand, 2000).due).toEqual(thousand);
});

test('a host is healed at most every 10 s, and less often the more often that was in vain', () => {
  const times: number[] = [];
  let state = unhealed;
  for (let nowMs = 0; nowMs <= 100_000; nowMs += 1000) {
    const next = looked(state, [7], nowMs);
    if (next.due.length > 0) times.push(nowMs);
    state = next.state;
  }
  expect(times).toEqual([1000, 12_000, 33_000, 74_000]);
});

test('a host that was well again for long enough begins anew, and one that flaps does not', () => {
  const after = healed(unhealed, [7], 0);
  expect(looked(looked(after, [], 5000).state, [7], 6000).due).toEqual([]);
  const well = looked(after, [], 10_000).state;
  expect(well.tries.size).toBe(0);
});

test('who cannot wait heals at once what is due, and not what is not', () => {
  const after = healed(unhealed, [7], 0);
  expect(planHeal(after, [7, 8], 1000, true)[1]).toEqual([8]);
});
