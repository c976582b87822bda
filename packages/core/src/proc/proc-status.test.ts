import { expect, test } from 'vitest';
import { printProcStatus, statusOfProc, type ProcStatus } from './proc-status.ts';
import { printStatus } from './status.ts';

const startedAtMs = 10_000;
const address = 'tcp:10.0.0.5:80';

test.each<[ProcStatus, string, string]>([
  [{ kind: 'Starting' }, 'Starting', 'Initializing'],
  [{ kind: 'Running', startedAtMs }, 'Running up 3s', 'Initializing'],
  [{ kind: 'Ready', startedAtMs, address }, 'Ready at tcp:10.0.0.5:80 up 3s', 'Running'],
  [{ kind: 'Stopping', startedAtMs }, 'Stopping up 3s', 'Stopping'],
  [{ kind: 'Stopped', exitCode: 0 }, 'Stopped(exit=0)', 'Stopped'],
  [{ kind: 'Stopped', exitCode: 1 }, 'Stopped(exit=1)', 'Failed(Stopped(exit=1))'],
  [{ kind: 'Killed', signal: 'SIGKILL', coreDumped: false }, 'Killed(sig=9)', 'Failed(Killed(sig=9))'],
  [
    { kind: 'Killed', signal: 'SIGKILL', coreDumped: true },
    'Killed(sig=9, core)',
    'Failed(Killed(sig=9, core))',
  ],
  [{ kind: 'Failed', reason: 'no such program' }, 'Failed(no such program)', 'Failed(no such program)'],
])('%j prints %s and means %s', (status, text, meaning) => {
  expect(printProcStatus(status, startedAtMs + 3_900)).toBe(text);
  expect(printStatus(statusOfProc(status))).toBe(meaning);
});

test.each(['requested', 'drained', 'shut_down', 'orphaned', 'rolled_back'] as const)(
  'an end that was asked for (%s) is a stop, however it came about',
  (cause) => {
    expect(statusOfProc({ kind: 'Killed', signal: 'SIGKILL', coreDumped: false }, cause)).toEqual({
      kind: 'Stopped',
    });
    expect(statusOfProc({ kind: 'Stopped', exitCode: 143 }, cause)).toEqual({ kind: 'Stopped' });
  },
);

test('a process that ended with its agent, or was not ready in time, has failed', () => {
  const killed = { kind: 'Killed', signal: 'SIGKILL', coreDumped: false } as const;
  expect(statusOfProc(killed, 'agent_ended').kind).toBe('Failed');
  expect(statusOfProc(killed, 'not_ready').kind).toBe('Failed');
});

test('uptime is never negative', () => {
  expect(printProcStatus({ kind: 'Running', startedAtMs }, startedAtMs - 5_000)).toBe('Running up 0s');
});
