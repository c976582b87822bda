import { anAttempt, anExit, aProc } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { exitCodeOf, exitCodeOfAttempt } from './exit-code.ts';

const killed = (rank: number, signal: string) => aProc({ rank, status: 'Failed', signal });
const failed = (rank: number) => aProc({ rank, status: 'Failed', statusText: 'could not start' });
const unknown = (rank: number) => aProc({ rank, status: 'Unknown' });

test.each([
  ['all exited with 0', [anExit(0, 0), anExit(1, 0)], 0],
  ['one did not', [anExit(0, 0), anExit(1, 3)], 3],
  ['several did not: the first rank', [anExit(0, 0), anExit(1, 7), anExit(2, 3)], 7],
  ['a signal', [anExit(0, 0), killed(1, 'SIGKILL')], 137],
  ['a stop, whatever asked for it', [aProc({ rank: 0, status: 'Stopped', signal: 'SIGTERM' })], 143],
  [
    'a stop, and a failure before it',
    [aProc({ rank: 0, status: 'Stopped', signal: 'SIGTERM' }), killed(1, 'SIGKILL')],
    137,
  ],
  ['failed without an exit code', [failed(0), anExit(1, 4)], 1],
  ['exited with 0 before it was ready', [aProc({ rank: 0, status: 'Failed', exitCode: 0 })], 1],
  ['not heard of', [anExit(0, 0), unknown(1)], 125],
  ['not heard of, but another is known to have failed', [unknown(0), anExit(1, 3)], 3],
  ['ended while nobody saw', [aProc({ rank: 0, status: 'Stopped' })], 125],
  ['a signal without a number', [killed(0, 'SIGFOO')], 125],
])('%s', (_, procs, code) => {
  expect(exitCodeOf(procs)).toBe(code);
});

test.each([
  ['attached', {}, 0],
  ['failed', {}, 1],
  ['cancelled', {}, 5],
  ['interrupted', {}, 6],
  ['failed', { residue: 1 }, 4],
  ['cancelled', { restoring: 1 }, 4],
  ['interrupted', { residue: 1, restored: 2 }, 4],
  ['running', {}, 130],
] as const)('an attempt that is %s with %j ends with %i', (state, counts, code) => {
  const attempt = anAttempt({ state });
  expect(exitCodeOfAttempt({ ...attempt, counts: { ...attempt.counts, ...counts } })).toBe(code);
});
