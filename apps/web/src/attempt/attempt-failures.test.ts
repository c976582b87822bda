import type { HostFailure } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { addressesOf } from './attempt-failures.tsx';

test('a group knows each of its hosts by kind, code and message', () => {
  const refused = { kind: 'SendFailed', code: 'ECONNREFUSED', message: 'connection refused' } as const;
  const cancelled = { kind: 'Cancelled', message: 'cancelled' } as const;
  const failures = [refused, { ...refused, code: 'ETIMEDOUT' } as const, cancelled, refused].map(
    (failure, rank): HostFailure => ({ rank, address: `tcp:h${rank}:1`, hostId: null, failure }),
  );
  expect(addressesOf({ failures }, refused)).toEqual(['tcp:h0:1', 'tcp:h3:1']);
  expect(addressesOf({ failures }, { ...cancelled, code: null })).toEqual(['tcp:h2:1']);
});
