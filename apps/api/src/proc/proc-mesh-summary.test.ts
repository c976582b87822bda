import { procMeshStates } from '@hostmesh/contract';
import { someCounts } from '@hostmesh/contract/testing';
import { noEnds, type EndCounts } from '@hostmesh/core';
import type { ProcCountsRecord, ProcFailureGroupRecord } from '@hostmesh/db';
import { describe, expect, test } from 'vitest';
import { summariseProcMesh, type Summarised } from './proc-mesh-summary.ts';

type Counts = Partial<ProcCountsRecord>;
const group = (count: number, firstRank: number, statusText: string): ProcFailureGroupRecord => ({
  status: 'Failed',
  statusText,
  startFault: null,
  exitCode: null,
  signal: null,
  count,
  firstRank,
  stderrTail: [],
});
const failure = (rank: number, statusText: string): Summarised['failures'][number] => ({
  id: `p${rank}`,
  rank,
  hostRank: 0,
  hostId: null,
  hostAddress: 'tcp:a:1',
  status: 'Failed',
  statusText,
  startFault: null,
  exitCode: null,
  signal: null,
  stderrTail: [],
});

const none = { ends: noEnds, stop: null, failures: [], failureCount: 0, residueCount: 0 };
const byOps = { how: 'requested', by: 'ops' } as const;

describe('the sentence about a proc mesh that has ended', () => {
  test.each<[string, Summarised['state'], Counts, Partial<EndCounts>, ProcFailureGroupRecord[]]>([
    ['All 8 procs exited with 0.', 'succeeded', { Stopped: 8 }, { succeeded: 8 }, []],
    ['The proc was stopped by ops.', 'stopped', { Stopped: 1 }, { stopped: 1 }, []],
    [
      'Of 8 procs 5 were stopped by ops, 3 exited with 0.',
      'stopped',
      { Stopped: 8 },
      { stopped: 5, succeeded: 3 },
      [],
    ],
    [
      'All 3 procs were stopped as orphans: not heard from ops for 1m.',
      'stopped',
      { Stopped: 3 },
      { stopped: 3 },
      [{ ...group(3, 0, 'stopped as orphan: not heard from ops for 1m'), status: 'Stopped' }],
    ],
    [
      'The proc exited with code 1.',
      'failed',
      { Failed: 1 },
      { failed: 1 },
      [group(1, 0, 'exited with code 1')],
    ],
    [
      'Of 4 procs 3 exited with code 1 (rank 1 first), 1 exited with 0.',
      'failed',
      { Failed: 3, Stopped: 1 },
      { failed: 3, succeeded: 1 },
      [group(3, 1, 'exited with code 1')],
    ],
    [
      'Of 8 procs rank 2 was killed by SIGKILL, 6 were stopped by ops, 1 ended in a way that nobody knows.',
      'failed',
      { Failed: 1, Stopped: 6, Unknown: 1 },
      { failed: 1, stopped: 6, lost: 1 },
      [group(1, 2, 'killed by SIGKILL')],
    ],
    [
      'Of 8 procs 2 ended in a way that nobody knows, 6 were stopped by ops.',
      'lost',
      { Stopped: 6, Unknown: 1, Failed: 1 },
      { stopped: 6, lost: 2 },
      [group(1, 2, 'lost: its host agent no longer knows it')],
    ],
  ])('%s', (sentence, state, counts, ends, groups) => {
    const facts = { ...none, stop: byOps, state, counts: someCounts(counts), ends: { ...noEnds, ...ends } };
    expect(summariseProcMesh(facts, groups)).toBe(sentence);
  });
});

describe('the sentence about a proc mesh', () => {
  test.each<[string, Summarised['state'], Counts, ProcFailureGroupRecord[]]>([
    ['All 8 procs run.', 'running', { Running: 8 }, []],
    ['The proc runs.', 'running', { Running: 1 }, []],
    [
      '1 of 4 procs runs; rank 2 was killed by SIGKILL, 1 was stopped as orphan, 1 ended.',
      'running',
      { Running: 1, Stopped: 2, Failed: 1 },
      [group(1, 2, 'killed by SIGKILL'), { ...group(1, 3, 'stopped as orphan'), status: 'Stopped' }],
    ],
    [
      '0 of 2 procs run; 2 ended with their host agents (rank 0 first).',
      'running',
      { Failed: 2 },
      [group(2, 0, 'ended with its host agent')],
    ],
    [
      '7 of 8 procs run; rank 3 was killed by SIGKILL.',
      'running',
      { Running: 7, Failed: 1 },
      [group(1, 3, 'killed by SIGKILL')],
    ],
    [
      '1 of 8 procs runs; 3 exited with code 3 (rank 1 first), rank 0 was not ready within 30s, 2 ended, 1 is not heard of.',
      'running',
      { Running: 1, Failed: 4, Stopped: 2, Unknown: 1 },
      [group(3, 1, 'exited with code 3'), group(1, 0, 'not ready within 30s')],
    ],
    [
      '0 of 9 procs run; 3 were killed by SIGKILL (rank 0 first), 2 exited with code 1 (rank 3 first), 4 more failed.',
      'running',
      { Failed: 9 },
      [
        group(3, 0, 'killed by SIGKILL'),
        group(2, 3, 'exited with code 1'),
        group(2, 5, 'x'),
        group(2, 7, 'y'),
      ],
    ],
    ['3 of 8 procs are ready.', 'spawning', { Running: 3, Initializing: 5 }, []],
    ['Being stopped: 2 of 8 procs have ended.', 'stopping', { Stopping: 6, Stopped: 2 }, []],
  ])('%s', (sentence, state, counts, groups) => {
    expect(summariseProcMesh({ ...none, state, counts: someCounts(counts) }, groups)).toBe(sentence);
  });

  test.each<[string, Partial<Summarised>]>([
    [
      'The spawn was stopped by ops before every proc was ready; everything that was started has been stopped.',
      { stop: byOps },
    ],
    [
      'Rank 1 exited with code 3; everything that was started has been stopped.',
      { failures: [failure(1, 'exited with code 3')], failureCount: 1 },
    ],
    [
      '2 of 8 procs were killed by SIGKILL; 1 proc may still run.',
      {
        failures: [failure(1, 'killed by SIGKILL'), failure(2, 'killed by SIGKILL')],
        failureCount: 2,
        residueCount: 1,
      },
    ],
    [
      '2 of 8 procs failed: rank 1 exited with code 3, rank 2 was not ready within 1s; everything that was started has been stopped.',
      { failures: [failure(1, 'exited with code 3'), failure(2, 'not ready within 1s')], failureCount: 2 },
    ],
  ])('%s', (sentence, given) => {
    const counts = someCounts({ Stopped: 8 });
    const failed = { ...none, state: 'spawn_failed' as const };
    expect(summariseProcMesh({ ...failed, ...given, counts }, [])).toBe(sentence);
  });
});

test.each(procMeshStates)(
  'a proc mesh that is %s has its sentence, and where it does not go on, not without those that failed or are not heard',
  (state) => {
    const counts = someCounts({ Running: 2, Failed: 1, Unknown: 1 });
    const ends = { ...noEnds, failed: 1, lost: 1, succeeded: 2 };
    const failures = [failure(0, 'exited with code 3')];
    const told = { ...none, state, counts, ends, failures, failureCount: 1, residueCount: 1 };
    const sentence = summariseProcMesh(told, [group(1, 0, 'exited with code 3')]);
    expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
    const isUnderWay = state === 'spawning' || state === 'stopping';
    if (state !== 'succeeded' && !isUnderWay)
      expect(sentence).toMatch(/fail|exited with code 3|nobody|not |may still run/);
  },
);
