import { noEnds, type EndCounts } from '@hostmesh/core';
import { expect, test } from 'vitest';
import { aProcMesh, someCounts } from '../examples.ts';
import {
  isEndState,
  procMeshStates,
  type ProcCounts,
  type ProcMeshState,
  type ProcMeshView,
} from './proc-mesh.ts';
import { needsAttention, procMeshMarks, procMeshStanding } from './proc-mesh-words.ts';

type Facts = readonly [
  ProcMeshState,
  Partial<ProcCounts>,
  Partial<EndCounts> & Partial<Pick<ProcMeshView, 'residue' | 'stop' | 'failures'>>,
];
const byOps = { how: 'requested', by: 'ops' } as const;
const view = ([state, counts, { residue = 0, stop = null, failures = [], ...ends }]: Facts) =>
  aProcMesh({ state, counts: someCounts(counts), ends: { ...noEnds, ...ends }, residue, stop, failures });
// What stands in it plays no part here.
const failures = [{}] as ProcMeshView['failures'];

test.each<[Facts, string, string, boolean]>([
  [['running', { Running: 12 }, {}], 'good', 'running', false],
  [['running', { Running: 10, Failed: 2 }, {}], 'failed', 'running, 2 of 12 failed', true],
  [['running', { Running: 8, Unknown: 4 }, {}], 'unknown', 'running, 4 of 12 unknown', true],
  [['running', { Failed: 3 }, {}], 'failed', '3 of 3 failed', true],
  [['running', { Unknown: 3 }, {}], 'unknown', '3 of 3 unknown', true],
  [
    ['running', { Running: 35, Failed: 10, Unknown: 15 }, {}],
    'failed',
    'running, 10 failed, 15 unknown of 60',
    true,
  ],
  [['running', { Initializing: 3, Stopped: 1 }, {}], 'moving', '3 of 4 starting', false],
  [['running', { Stopped: 12, restarting: 2 }, {}], 'moving', 'all ended, 2 wait for a restart', false],
  [['running', { Stopped: 12, lingering: 1 }, {}], 'moving', 'all ended, 1 has processes left', false],
  [
    ['running', { Stopped: 12, restarting: 1, lingering: 3 }, {}],
    'moving',
    'all ended, 1 waits for a restart, 3 have processes left',
    false,
  ],
  [['running', { Stopped: 12 }, {}], 'moving', 'all ended', false],
  [
    ['running', { Running: 2, Failed: 2, restarting: 1 }, {}],
    'failed',
    'running, 2 of 4 failed, 1 waits for a restart',
    true,
  ],
  [
    ['running', { Running: 3, Stopped: 1, lingering: 1 }, {}],
    'good',
    'running, 1 of 4 ended, 1 has processes left',
    false,
  ],
  [['running', { Running: 11, Stopped: 1 }, {}], 'good', 'running, 1 of 12 ended', false],
  [['stopping', { Stopping: 12 }, {}], 'ending', 'stopping', false],
  [['stopping', { Stopping: 11, Failed: 1 }, {}], 'ending', 'stopping', true],
  [['spawn_failed', { Stopped: 10, Failed: 2 }, { failures }], 'failed', 'spawn failed', true],
  [['spawn_failed', { Unknown: 4 }, { residue: 4 }], 'failed', 'spawn failed, 4 of 4 may still run', true],
  [['spawn_failed', { Stopped: 4 }, { stop: byOps }], 'ended', 'spawn stopped by ops', false],
  [['spawn_failed', { Stopped: 4 }, { stop: byOps, failures }], 'failed', 'spawn failed', true],
  [['succeeded', { Stopped: 4 }, { succeeded: 4 }], 'good', 'succeeded', false],
  [['failed', { Failed: 3, Stopped: 1 }, { failed: 3, succeeded: 1 }], 'failed', 'failed, 3 of 4', true],
  [
    ['failed', { Failed: 1, Stopped: 3 }, { failed: 1, stopped: 3, stop: byOps }],
    'failed',
    'failed, 1 of 4',
    true,
  ],
  [['stopped', { Stopped: 4 }, { stopped: 4 }], 'ended', 'stopped', false],
  [['stopped', { Stopped: 4 }, { stopped: 4, stop: byOps }], 'ended', 'stopped by ops', false],
  [
    ['stopped', { Stopped: 4 }, { stopped: 4, stop: { how: 'mesh_stopped', by: 'ops' } }],
    'ended',
    'stopped with their mesh, by ops',
    false,
  ],
  [
    ['stopped', { Stopped: 4 }, { stopped: 4, stop: { how: 'orphaned', by: null } }],
    'ended',
    'stopped as orphans',
    false,
  ],
  [['lost', { Unknown: 1, Stopped: 3 }, { lost: 1, stopped: 3 }], 'unknown', 'lost, 1 of 4 not known', true],
])('%j looks %s: %s; needs attention: %s', (facts, tone, word, isNeeded) => {
  const procMesh = view(facts);
  expect(procMeshStanding(procMesh)).toEqual({ tone, word });
  expect(needsAttention(procMesh)).toBe(isNeeded);
  expect(needsAttention({ ...procMesh, seen: { by: 'ops', at: procMesh.createdAt } })).toBe(false);
});

test('every state has a word of its own', () => {
  expect(Object.keys(procMeshMarks).sort()).toEqual([...procMeshStates].sort());
  const words = Object.values(procMeshMarks).map(({ word }) => word);
  expect(new Set(words).size).toBe(words.length);
});

test('three states are of proc meshes that live', () => {
  expect(procMeshStates.filter((state) => !isEndState(state))).toEqual(['spawning', 'running', 'stopping']);
});
