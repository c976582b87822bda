import { expect, test } from 'vitest';
import { printProcStatus, statusOfProc, type ProcStatus } from './proc-status.ts';
import { printStatus } from './status.ts';

const startedAtMs = 10_000;
const address = { kind: 'tcp', host: '10.0.0.5', port: 80 } as const;

test.each<[ProcStatus, string, string]>([
  [{ kind: 'Starting' }, 'Starting', 'Initializing'],
  [{ kind: 'Running', startedAtMs }, 'Running up 3s', 'Running'],
  [
    { kind: 'Ready', startedAtMs, address, agent: 'proc_agent.p' },
    'Ready at tcp:10.0.0.5:80 up 3s',
    'Running',
  ],
  [{ kind: 'Stopping', startedAtMs }, 'Stopping up 3s', 'Stopping'],
  [{ kind: 'Stopped', exitCode: 0, stderrTail: [] }, 'Stopped(exit=0)', 'Stopped'],
  [{ kind: 'Stopped', exitCode: 1, stderrTail: ['oops'] }, 'Stopped(exit=1)', 'Failed(Stopped(exit=1))'],
  [{ kind: 'Killed', signal: 9, coreDumped: false }, 'Killed(sig=9)', 'Failed(Killed(sig=9))'],
  [{ kind: 'Killed', signal: 9, coreDumped: true }, 'Killed(sig=9, core)', 'Failed(Killed(sig=9, core))'],
  [{ kind: 'Failed', reason: 'no such program' }, 'Failed(no such program)', 'Failed(no such program)'],
])('%j prints %s and means %s', (status, text, meaning) => {
  expect(printProcStatus(status, startedAtMs + 3_900)).toBe(text);
  expect(printStatus(statusOfProc(status))).toBe(meaning);
});

test('uptime is never negative', () => {
  expect(printProcStatus({ kind: 'Running', startedAtMs }, startedAtMs - 5_000)).toBe('Running up 0s');
});
