import { expect, test } from 'vitest';
import { reportOf } from '../proc/proc-report.ts';
import { readyProc } from '../testing/proc-fixtures.ts';
import { revived } from './revive.ts';

test('the next agent knows how the run before ended, as the agent before it did', () => {
  const exit = { code: 3, signal: null, coreDumped: false };
  const formerEnd = {
    at: 7,
    status: { kind: 'Stopped', exitCode: 3 } as const,
    cause: null,
    causeText: null,
    endedBy: null,
    exit,
    stderrTail: ['last words'],
  };
  const { facts } = readyProc;
  const saved = { startTicks: 7, readyAtMs: null, stepMs: null, forGood: false, past: [] };
  const report = { ...reportOf({ ...readyProc, formerEnd }), ...saved };
  expect(reportOf(revived({ facts, report }, 100)).formerEnd).toEqual(formerEnd);
});
