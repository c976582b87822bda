import { expect, test } from 'vitest';
import { someCounts } from '../live/testing/proc-records.ts';
import { procMeshStanding } from './standing.ts';

test.each([
  ['running', { Running: 12 }, 0, 'good', 'running'],
  ['running', { Running: 10, Failed: 2 }, 0, 'failed', 'running, 2 of 12 failed'],
  ['running', { Running: 8, Unknown: 4 }, 0, 'unknown', 'running, 4 of 12 unknown'],
  ['running', { Stopped: 12 }, 0, 'ended', 'all ended'],
  ['running', { Running: 11, Stopped: 1 }, 0, 'good', 'running, 1 of 12 ended'],
  ['spawn_failed', { Stopped: 10, Failed: 2 }, 0, 'failed', 'spawn failed'],
  ['spawn_failed', { Unknown: 4, Failed: 8 }, 4, 'failed', 'spawn failed, 4 of 12 may still run'],
  ['stopping', { Stopping: 12 }, 0, 'ending', 'stopping'],
  ['stopped', { Stopped: 12 }, 0, 'ended', 'stopped'],
] as const)('%s with %j and residue %d looks %s: %s', (state, counts, residue, tone, word) => {
  expect(procMeshStanding({ state, counts: someCounts(counts), residue })).toEqual({ tone, word });
});
