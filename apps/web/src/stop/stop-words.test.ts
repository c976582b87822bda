import { aProc } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { unheardWords, waitingWords } from './stop-words.ts';

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
