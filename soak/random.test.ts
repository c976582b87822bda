import { expect, test } from 'vitest';
import { randomOf } from './random.ts';

const drawsOf = (seed: number, step: number): number[] => {
  const random = randomOf(seed, step);
  return Array.from({ length: 20 }, () => random.below(1000));
};

test('the same seed and step give the same numbers, and another seed or step gives others', () => {
  expect(drawsOf(1, 2)).toEqual(drawsOf(1, 2));
  expect(drawsOf(1, 2)).not.toEqual(drawsOf(2, 2));
  expect(drawsOf(1, 2)).not.toEqual(drawsOf(1, 3));
});

test('numbers stay below the limit and reach all of it', () => {
  const random = randomOf(5, 0);
  const drawn = new Set(Array.from({ length: 200 }, () => random.below(4)));
  expect([...drawn].toSorted()).toEqual([0, 1, 2, 3]);
});

test('some of them is never none, in their order', () => {
  const random = randomOf(5, 1);
  for (let turn = 0; turn < 100; turn += 1) {
    const some = random.some([1, 2, 3]);
    expect(some.length).toBeGreaterThan(0);
    expect(some).toEqual(some.toSorted());
  }
});
