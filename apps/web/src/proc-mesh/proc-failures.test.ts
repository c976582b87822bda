import { aProc } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { meshProcColumns } from '../proc/proc-columns.tsx';
import { parseFilter, rowMatcher } from '../ui/data-table/filter.ts';
import { groupFilter } from './proc-failures.tsx';

const failed = { status: 'Failed', statusText: 'exited with code 3', exitCode: 3, signal: null } as const;
const killed = {
  status: 'Failed',
  statusText: 'killed by SIGKILL',
  exitCode: null,
  signal: 'SIGKILL',
} as const;
const lost = {
  status: 'Failed',
  statusText: 'could not start: no "x", sorry',
  exitCode: null,
  signal: null,
} as const;

test.each([failed, killed, lost])('the filter of a group shows its procs: %j', (group) => {
  const matches = rowMatcher(parseFilter(groupFilter(group)), meshProcColumns);
  expect(matches(aProc(group))).toBe(true);
  expect(matches(aProc())).toBe(false);
});

test('groups with another code or signal are left out', () => {
  const matches = rowMatcher(parseFilter(groupFilter(killed)), meshProcColumns);
  expect(matches(aProc(failed))).toBe(false);
});
