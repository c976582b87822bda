import { expect, test } from 'vitest';
import { newProc } from '../proc/agent-proc.ts';
import { factsOf, specOf } from '../testing/proc-fixtures.ts';
import { listWarnings } from './list-warnings.ts';

const allow = { programs: ['*'], env: [], cwd: [] };
const nobody = { name: 'nobody', uid: 1, gid: 1, become: [], env: {} };
const procOf = (procId: string, runAs: string | null) =>
  newProc(factsOf(specOf(procId, { command: { ...specOf('').command, runAs } })), 0);

test('procs of before whose user the agent would not start anything as are told, those of all procs without a user included', () => {
  const procs = [procOf('root', 'root'), procOf('unnamed', null)];
  const told = (accounts: readonly (typeof nobody)[]) =>
    listWarnings({ allow, accounts, path: '' }, procs).map(({ procId, code }) => [procId, code]);
  expect(told([nobody])).toEqual([['root', 'run_as_refused']]);
  expect(told([])).toEqual([
    ['root', 'run_as_refused'],
    ['unnamed', 'run_as_refused'],
  ]);
});
