import { anAttempt, aResult } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { canLeaveOut, canRetry, retryTargets, retryVerb } from './retry.ts';

const host = (rank: number, failed: boolean) =>
  failed
    ? aResult({
        rank,
        state: 'failed',
        failure: { kind: 'SendFailed', message: 'connection refused', code: 'ECONNREFUSED' },
      })
    : aResult({ rank, state: 'installed' });

test('a retry of the failed hosts asks those first, and the others only afterwards', () => {
  const hosts = [host(0, false), host(1, true), host(2, false)];
  const { first, then } = retryTargets(hosts, 'failed');
  expect([first.map(({ rank }) => rank), then.map(({ rank }) => rank)]).toEqual([[1], [0, 2]]);
});

test('a retry of all asks everybody at once', () => {
  const hosts = [host(0, false), host(1, true)];
  expect(retryTargets(hosts, 'all')).toEqual({ first: hosts, then: [], leftOut: [] });
});

test('neither a running nor an attached attempt can be retried', () => {
  expect(canRetry({ kind: 'attach', state: 'running' })).toBe(false);
  expect(canRetry({ kind: 'attach', state: 'attached' })).toBe(false);
  expect(canRetry({ kind: 'attach', state: 'interrupted' })).toBe(true);
});

test('a retry without the failed names them, and is offered where hosts had installed', () => {
  const hosts = [host(0, false), host(1, true)];
  expect(retryTargets(hosts, 'installed')).toEqual({ first: [hosts[0]], then: [], leftOut: [hosts[1]] });
  expect(retryVerb('installed', 1, 2)).toBe('Attach without 1 failed host');
  const { counts } = anAttempt();
  const some = { ...counts, installed: 1, failed: 1 };
  expect(canLeaveOut({ kind: 'attach', state: 'failed', counts: some })).toBe(true);
  expect(canLeaveOut({ kind: 'push', state: 'failed', counts: some })).toBe(false);
  expect(canLeaveOut({ kind: 'attach', state: 'failed', counts: { ...some, installed: 0 } })).toBe(false);
});
