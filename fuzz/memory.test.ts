import { expect, test } from 'vitest';
import { memoryFault } from './memory.ts';

const MB = 1_048_576;
const samples = (of: (index: number) => number) => Array.from({ length: 40 }, (_, index) => of(index) * MB);

test('memory that grows with what is asked is a fault, and a warm-up or a peak that goes is none', () => {
  expect(
    memoryFault(
      'api',
      samples((index) => 100 + 8 * index),
    ),
  ).toContain('api had');
  expect(
    memoryFault(
      'api',
      samples((index) => (index < 10 ? 100 : 300)),
    ),
  ).toBeNull();
  expect(
    memoryFault(
      'api',
      samples((index) => (index % 5 === 0 ? 120 : 400)),
    ),
  ).toBeNull();
});

test('a few samples say nothing', () => {
  expect(memoryFault('api', [MB, 900 * MB])).toBeNull();
});
