import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('every item is worked on once, in order, and never more than so many at a time', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    done.push(item);
    running -= 1;
  });
  expect(done).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('no items are no work', async () => {
  await inParallel([], 3, () => Promise.reject(new Error('there is nothing to do')));
});

test('a failure is told, and what has begun is not forgotten by its own lane', async () => {
  await expect(inParallel([1, 2], 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
