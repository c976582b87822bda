import { aResult } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { canRetry, retryTargets } from './retry.ts';

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
  expect(retryTargets(hosts, 'all')).toEqual({ first: hosts, then: [] });
});

test('neither a running nor an attached attempt can be retried', () => {
  expect(canRetry({ state: 'running' })).toBe(false);
  expect(canRetry({ state: 'attached' })).toBe(false);
  expect(canRetry({ state: 'interrupted' })).toBe(true);
});
