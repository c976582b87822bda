import { expect, test } from 'vitest';
import { readOptions } from './soak-options.ts';

test('a soak takes a quarter of an hour with a seed of its own unless it is told otherwise', () => {
  expect(readOptions([])).toMatchObject({ minutes: 15, agents: 5, without: [] });
  expect(readOptions(['--seed', '7', '--without', 'attach'])).toMatchObject({ seed: 7, without: ['attach'] });
});

test('what cannot be read is named', () => {
  expect(readOptions(['--minutes', 'soon'])).toMatchObject({
    code: 2,
    say: expect.stringContaining('--minutes is "soon"'),
  });
  expect(readOptions(['--minuets', '5'])).toMatchObject({
    code: 2,
    say: expect.stringContaining('--minuets'),
  });
});
