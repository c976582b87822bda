import { configPushFailureKinds } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { adviceFor } from './attempt-advice.ts';

test('every failure kind of the contract has advice, also with a code that nobody knows', () => {
  for (const kind of configPushFailureKinds) {
    expect(adviceFor(kind, null)).not.toBeNull();
    expect(adviceFor(kind, 'E_NEW')).not.toBeNull();
  }
});

test('a code says more than its kind', () => {
  expect(adviceFor('SendFailed', 'ECONNREFUSED')?.meaning).toContain('nothing listens');
  expect(adviceFor('SendFailed', 'TLS_CERT_HAS_EXPIRED')?.meaning).toContain('certificates');
});

test('a kind of a newer server has no advice, rather than a wrong one', () => {
  expect(adviceFor('Teleported', null)).toBeNull();
});
