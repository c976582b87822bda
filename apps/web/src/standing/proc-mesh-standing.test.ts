import { aProc, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { canStop, mayRun, procMeshStanding, waitingCount } from './proc-mesh-standing.ts';

test.each([
  ['running', { Running: 12 }, 0, 'good', 'running'],
  ['running', { Running: 10, Failed: 2 }, 0, 'failed', 'running, 2 of 12 failed'],
  ['running', { Running: 8, Unknown: 4 }, 0, 'unknown', 'running, 4 of 12 unknown'],
  ['running', { Failed: 3 }, 0, 'failed', '3 of 3 failed'],
  ['running', { Unknown: 3 }, 0, 'unknown', '3 of 3 unknown'],
  ['running', { Running: 35, Failed: 10, Unknown: 15 }, 0, 'failed', 'running, 10 failed, 15 unknown of 60'],
  ['running', { Initializing: 3, Stopped: 1 }, 0, 'moving', '3 of 4 starting'],
  ['running', { Stopped: 12 }, 0, 'ended', 'all ended'],
  ['running', { Running: 11, Stopped: 1 }, 0, 'good', 'running, 1 of 12 ended'],
  ['spawn_failed', { Stopped: 10, Failed: 2 }, 0, 'failed', 'spawn failed'],
  ['spawn_failed', { Unknown: 4, Failed: 8 }, 4, 'failed', 'spawn failed, 4 of 12 may still run'],
  ['stopping', { Stopping: 12 }, 0, 'ending', 'stopping'],
  ['stopped', { Stopped: 12 }, 0, 'ended', 'stopped'],
] as const)('%s with %j and residue %d looks %s: %s', (state, counts, residue, tone, word) => {
  expect(procMeshStanding({ state, counts: someCounts(counts), residue })).toEqual({ tone, word });
});

const waiting = aProc({ status: 'Failed', nextRestartAt: '2026-01-01T00:01:00Z' });
const givenUp = aProc({ status: 'Failed' });
const looping = aProcMesh({ restart: { policy: 'on_failure' }, counts: someCounts({ Failed: 3 }) });

test('procs that all wait for their restart can be stopped', () => {
  expect(mayRun(waiting)).toBe(true);
  expect(waitingCount(looping)).toBe(3);
  expect(canStop(looping)).toBe(true);
  expect(canStop(looping, [waiting, givenUp])).toBe(true);
});

test('procs that ended for good cannot, and only a policy that restarts them makes ended ones wait', () => {
  expect(canStop(looping, [givenUp])).toBe(false);
  expect(canStop({ ...looping, restart: { policy: 'never' } })).toBe(false);
  expect(canStop({ ...looping, state: 'stopped' })).toBe(false);
  const ended = { ...looping, counts: someCounts({ Stopped: 2 }) };
  expect(waitingCount(ended)).toBe(0);
  expect(waitingCount({ ...ended, restart: { policy: 'always' } })).toBe(2);
});
