import { aProc, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { canStop, mayRun, stoppableCount } from './proc-mesh-standing.ts';

const withCounts = (counts: Parameters<typeof someCounts>[0]) => aProcMesh({ counts: someCounts(counts) });

test('procs that wait for their restart, or have left processes, can be stopped', () => {
  expect(mayRun(aProc({ status: 'Failed', nextRestartAt: '2026-01-01T00:01:00Z' }))).toBe(true);
  expect(mayRun(aProc({ status: 'Stopped', leftover: 2 }))).toBe(true);
  const some = withCounts({ Running: 1, Failed: 3, Stopped: 2, restarting: 2, lingering: 1 });
  expect(stoppableCount(some.counts)).toBe(4);
  expect(canStop(withCounts({ Failed: 3, restarting: 1 }))).toBe(true);
  expect(canStop(withCounts({ Stopped: 3, lingering: 1 }))).toBe(true);
});

test('procs that are over cannot', () => {
  expect(mayRun(aProc({ status: 'Failed' }))).toBe(false);
  expect(canStop(withCounts({ Failed: 3 }))).toBe(false);
  expect(canStop(aProcMesh({ state: 'stopped' }))).toBe(false);
  expect(canStop(aProcMesh({ state: 'spawn_failed', residue: 1 }))).toBe(true);
});
