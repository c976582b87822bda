import type { StopOutcome } from '@hostmesh/contract';
import { aProc } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { stopNotice, summarizeStop, unheardWords, waitingWords } from './stop-text.ts';

const outcome = (rank: number, given: Partial<StopOutcome>): StopOutcome => ({
  id: `p-${rank}`,
  rank,
  hostRank: 0,
  hostAddress: 'tcp:127.0.0.1:26600',
  endedBy: null,
  outcome: 'stopped',
  message: '',
  ...given,
});

test('only what a host said is gone counts as ended', () => {
  const summary = summarizeStop(
    [
      outcome(0, { endedBy: 'asked' }),
      outcome(1, { endedBy: 'SIGKILL' }),
      outcome(2, { endedBy: 'asked' }),
      outcome(3, { outcome: 'unreachable' }),
      outcome(4, { outcome: 'still_running' }),
      outcome(5, { outcome: 'already_ended' }),
    ],
    6,
  );
  expect(summary.ended).toBe(4);
  expect(summary.notEnded.map(({ rank }) => rank)).toEqual([3, 4]);
  expect(summary.steps).toBe('2 when asked, 1 by SIGKILL');
});

test('when only those that did not end are named, the others ended', () => {
  expect(summarizeStop([outcome(3, { outcome: 'unreachable' })], 12).ended).toBe(11);
});

test('whoever closed the dialog is told how it went, and a failure stays until it was read', () => {
  expect(stopNotice('workers', [outcome(0, {})], 12)).toEqual({
    tone: 'good',
    text: 'Stop of workers: 12 of 12 procs ended.',
  });
  const left = [3, 4, 5, 6, 7, 8].map((rank) => outcome(rank, { outcome: 'unreachable' }));
  expect(stopNotice('workers', left, 12)).toEqual({
    tone: 'failed',
    text: 'Stop of workers: 6 of 12 procs ended. Not known to have ended: rank 3 unreachable, rank 4 unreachable, rank 5 unreachable, rank 6 unreachable, rank 7 unreachable and 1 more.',
  });
});

const unheard = (hostRank: number) => aProc({ status: 'Unknown', hostRank });

test('before a stop it is said which procs cannot be asked', () => {
  expect(unheardWords([aProc()])).toBeNull();
  expect(unheardWords([aProc(), unheard(1), unheard(1)])).toMatch(
    /^2 of these are on a host that cannot be heard/,
  );
  expect(unheardWords([unheard(0), unheard(1)])).toMatch(/^2 of these are on 2 hosts that cannot be heard/);
});

test('and which do not run and would be started again', () => {
  const waiting = aProc({ status: 'Failed', nextRestartAt: '2026-01-01T00:01:00Z' });
  expect(waitingWords([aProc()])).toBeNull();
  expect(waitingWords([waiting])).toBe('Among them is 1 that waits for a restart.');
  expect(waitingWords([aProc(), waiting, waiting, waiting])).toBe(
    'Among them are 3 that wait for a restart.',
  );
});
