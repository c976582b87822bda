import { expect, test } from 'vitest';
import { checkOwnLimits } from './own-limits.ts';

const wanted = { maxHosts: 20_000, concurrency: 1024 };

test('descriptors are kept back for HTTP: fewer hosts are dialled at a time, and that is said with the way out', () => {
  const { concurrency, warnings } = checkOwnLimits(wanted, { soft: 256, hard: 1_048_576 });
  expect(concurrency).toBe(128);
  expect(warnings).toEqual([
    expect.stringMatching(
      /at most 128 hosts can be connected, .* is 20000: start it after `ulimit -n 27144`/,
    ),
    'at most 128 hosts are dialled at a time, and not 1024 (HOSTMESH_CONCURRENCY)',
  ]);
});

test('where there is room, or nobody tells, all is as configured', () => {
  for (const limit of [{ soft: 1_048_576, hard: 1_048_576 }, null])
    expect(checkOwnLimits(wanted, limit)).toEqual({ concurrency: 1024, warnings: [] });
});
