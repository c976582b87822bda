import { expect, test } from 'vitest';
import { readFuzzOptions } from './fuzz-options.ts';

test('a run is bounded in count and time, and has a seed of its own unless it is told one', () => {
  expect(readFuzzOptions([])).toMatchObject({ requests: 2000, frames: 500, minutes: 5, agents: 2 });
  expect(readFuzzOptions(['--seed', '7', '--frames', '0'])).toMatchObject({ seed: 7, frames: 0 });
});

test('what cannot be read is named', () => {
  expect(readFuzzOptions(['--requests', 'all'])).toMatchObject({
    code: 2,
    say: expect.stringContaining('--requests is "all"'),
  });
  expect(readFuzzOptions(['--frame', '5'])).toMatchObject({
    code: 2,
    say: expect.stringContaining('--frame'),
  });
});
