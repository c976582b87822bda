import { attemptStates } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { summariseAttempt } from './attempt-summary.ts';

const counts = {
  total: 4,
  installed: 0,
  failed: 0,
  pending: 0,
  restoring: 0,
  restored: 0,
  residue: 0,
  withoutEffect: 0,
  keysWithoutEffect: 0,
};

test.each([
  [
    'running',
    { installed: 1, failed: 1, pending: 2 },
    '1 of 4 hosts installed the config, 1 failed, 2 to go.',
  ],
  ['attached', { installed: 4 }, 'All 4 hosts installed the config.'],
  [
    'attached',
    { installed: 4, withoutEffect: 1, keysWithoutEffect: 2 },
    'All 4 hosts installed the config, 1 with 2 keys without effect.',
  ],
  ['attached', { total: 1, installed: 1 }, 'The host installed the config.'],
  [
    'failed',
    { installed: 3, failed: 1, restored: 3 },
    '1 of 4 hosts did not install the config. 3 hosts got back what they had before.',
  ],
  [
    'failed',
    { failed: 1, pending: 3, residue: 1 },
    '1 of 4 hosts did not install the config, and 3 hosts were not tried. 1 host may still hold it.',
  ],
  [
    'failed',
    { installed: 3, failed: 1, restoring: 1, restored: 2 },
    '1 of 4 hosts did not install the config. 1 host is still being asked to restore; 2 hosts got back what they had before.',
  ],
  [
    'cancelled',
    { installed: 2, failed: 2, restoring: 2 },
    'Cancelled when 2 of 4 hosts had installed the config. 2 hosts are still being asked to restore.',
  ],
  [
    'cancelled',
    { installed: 1, failed: 3, restored: 1 },
    'Cancelled when 1 of 4 hosts had installed the config. 1 host got back what it had before.',
  ],
  ['interrupted', { failed: 4 }, 'The API was stopped; 0 of 4 hosts had installed the config.'],
] as const)('an attempt that is %s with %j reads well', (state, given, sentence) => {
  expect(summariseAttempt(state, { ...counts, ...given }, 'The API was stopped')).toBe(sentence);
});

test.each(attemptStates)(
  'of an attempt that is %s, what is not known yet and what is left is said',
  (state) => {
    const told = summariseAttempt(
      state,
      { ...counts, installed: 2, failed: 2, restoring: 1, residue: 1 },
      null,
    );
    expect(told).toMatch(/^[A-Z0-9].*\.$/);
    const isOver = state !== 'running' && state !== 'attached';
    expect(/1 host is still being asked to restore; 1 host may still hold it/.test(told)).toBe(isOver);
  },
);
