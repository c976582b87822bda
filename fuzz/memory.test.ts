import { expect, test } from 'vitest';
import { memoryGrowth } from './memory.ts';

const MB = 1_048_576;
const samples = (of: (index: number) => number) => Array.from({ length: 40 }, (_, index) => of(index) * MB);

const isFault = (of: (index: number) => number) => memoryGrowth('api', samples(of))?.isFault;

test('memory that grows with what is asked is a fault, and a warm-up or a peak that goes is none', () => {
  expect(isFault((index) => 100 + 8 * index)).toBe(true);
  expect(isFault((index) => (index < 10 ? 100 : 300))).toBe(false);
  expect(isFault((index) => (index % 5 === 0 ? 120 : 400))).toBe(false);
  expect(
    memoryGrowth(
      'api',
      samples(() => 100),
    )?.text,
  ).toContain('api had 100 MB');
});

test('a few samples say nothing', () => {
  expect(memoryGrowth('api', [MB, 900 * MB])).toBeNull();
});
