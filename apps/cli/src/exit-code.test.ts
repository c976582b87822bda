import type { Proc } from '@hostmesh/contract';
import { anAttempt, anExit, aProc } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { exitCodeOf, exitCodeOfAttempt, exitCodeOfSpawn } from './exit-code.ts';

const ended = (end: Proc['end'], given: Partial<Proc> = {}) => aProc({ end, ...given });
const killed = (signal: string) => ended('failed', { signal });
const stopped = (given: Partial<Proc> = {}) => ended('stopped', given);

test.each<[string, readonly Proc[], number]>([
  ['all exited with 0', [anExit(0, 0), anExit(1, 0)], 0],
  ['one did not', [anExit(0, 0), anExit(1, 3)], 3],
  ['several did not: the first rank', [anExit(0, 0), anExit(1, 7), anExit(2, 3)], 7],
  ['a signal', [anExit(0, 0), killed('SIGKILL')], 137],
  ['a stop, whatever asked for it', [anExit(0, 0), stopped({ signal: 'SIGTERM' })], 143],
  ['a stop that the procs obeyed with an exit code of theirs', [stopped({ exitCode: 7 })], 7],
  ['a stop that the procs obeyed with 0 is no success', [stopped({ exitCode: 0 })], 143],
  ['a stop, and a failure before it', [stopped({ signal: 'SIGTERM' }), killed('SIGKILL')], 137],
  ['failed without an exit code', [ended('failed'), anExit(1, 4)], 1],
  ['exited with 0 before it was ready', [ended('failed', { exitCode: 0 })], 1],
  ['not heard of', [anExit(0, 0), ended(null)], 125],
  ['not heard of, but another is known to have failed', [ended('lost'), anExit(1, 3)], 3],
  ['ended while nobody saw, the others were stopped', [ended('lost'), stopped({ exitCode: 1 })], 125],
  ['a signal without a number', [killed('SIGFOO')], 125],
])('%s', (_, procs, code) => {
  expect(exitCodeOf(procs)).toBe(code);
});

test('a spawn that failed never ends with 0, and ends as the first rank that made it fail', () => {
  const late = aProc({ status: 'Timeout', exitCode: null });
  expect(exitCodeOfSpawn([])).toBe(1);
  expect(exitCodeOfSpawn([late, anExit(1, 4)])).toBe(1);
  expect(exitCodeOfSpawn([{ ...late, exitCode: 3 }])).toBe(3);
  expect(exitCodeOfSpawn([aProc({ status: 'Unknown' })])).toBe(125);
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
