import { statusKinds } from '@hostmesh/core';
import { expect, test } from 'vitest';
import { ProcStatus } from '../generated/enums.ts';
import { toCounts } from './proc-record.ts';

test('the database knows every status of a proc, and no other', () => {
  expect(Object.values(ProcStatus)).toEqual(statusKinds);
});

test('counts name every status, and what is to come after an end', () => {
  const counts = toCounts(3, { Running: 3 });
  expect(Object.keys(counts).toSorted()).toEqual(
    [...statusKinds, 'total', 'restarting', 'lingering'].toSorted(),
  );
  expect(counts).toMatchObject({ total: 3, Running: 3, Failed: 0 });
});
