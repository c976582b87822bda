import { aProc, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { canStop, mayRun, waitingCount } from './proc-mesh-standing.ts';

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
  expect(canStop(looping, [aProc({ status: 'Stopped', leftover: 2 })])).toBe(true);
  expect(canStop({ ...looping, state: 'stopped' })).toBe(false);
  const ended = { ...looping, counts: someCounts({ Stopped: 2 }) };
  expect(waitingCount(ended)).toBe(0);
  expect(waitingCount({ ...ended, restart: { policy: 'always' } })).toBe(2);
});
