import { expect, test } from 'vitest';
import { describeProc, type DescribedProc } from './describe-proc.ts';

const proc: DescribedProc = {
  status: { kind: 'Ready', startedAtMs: 0, address: null },
  cause: null,
  causeText: null,
  endedBy: null,
  restarts: { count: 0, nextAt: null },
  leftover: 0,
};
const exited = (exitCode: number): DescribedProc['status'] => ({ kind: 'Stopped', exitCode });
const killed = (signal: string, coreDumped = false): DescribedProc['status'] => ({
  kind: 'Killed',
  signal,
  coreDumped,
});

test.each<[string, Partial<DescribedProc>]>([
  ['starting', { status: { kind: 'Starting' } }],
  ['started, not ready yet', { status: { kind: 'Running', startedAtMs: 0 } }],
  ['running', {}],
  [
    'started, not ready yet: port 80 is served by another process (7, nginx)',
    {
      status: { kind: 'Running', startedAtMs: 0 },
      waitsFor: 'port 80 is served by another process (7, nginx)',
    },
  ],
  ['exited with code 0; 4 processes of it still run', { status: exited(0), leftover: 4 }],
  ['exited with code 0; 1 process of it still runs', { status: exited(0), leftover: 1 }],
  ['stopping', { status: { kind: 'Stopping', startedAtMs: 0 } }],
  ['stopping (asked)', { status: { kind: 'Stopping', startedAtMs: 0 }, endedBy: 'asked' }],
  ['stopping (SIGTERM sent)', { status: { kind: 'Stopping', startedAtMs: 0 }, endedBy: 'SIGTERM' }],
  ['exited with code 0', { status: exited(0) }],
  ['exited with code 3', { status: exited(3) }],
  ['killed by SIGKILL', { status: killed('SIGKILL') }],
  ['killed by SIGSEGV (core dumped)', { status: killed('SIGSEGV', true) }],
  ['stopped as asked', { status: exited(0), cause: 'requested', causeText: 'by admin', endedBy: 'asked' }],
  ['stopped as asked (SIGKILL)', { status: killed('SIGKILL'), cause: 'requested', endedBy: 'SIGKILL' }],
  [
    'stopped as orphan: not heard from api for 1m (SIGTERM)',
    {
      status: killed('SIGTERM'),
      cause: 'orphaned',
      causeText: 'not heard from api for 1m',
      endedBy: 'SIGTERM',
    },
  ],
  ['stopped because its spawn failed', { status: exited(0), cause: 'rolled_back', causeText: 'rank 3' }],
  ['stopped when its host was drained', { status: killed('SIGTERM'), cause: 'drained' }],
  [
    'not ready within 30s',
    { status: { kind: 'Failed', reason: 'not ready within 30s' }, cause: 'not_ready' },
  ],
])('a proc that is told of as "%s"', (text, fields) => {
  expect(describeProc({ ...proc, ...fields })).toBe(text);
});

test('a restart that is due is told with its pause and its number', () => {
  const failed = { ...proc, status: exited(3), restarts: { count: 1, nextAt: 3_000 } };
  expect(describeProc(failed, 5)).toBe('exited with code 3; restarts (2 of 5)');
  expect(describeProc(failed)).toBe('exited with code 3; restarts');
});
