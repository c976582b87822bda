import { aMesh, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { concernsOf, verdictOf } from './concerns.ts';

const now = Date.parse('2026-01-01T01:00:00Z');

test('procs that failed or of which nobody knows are concerns, the most of them first', () => {
  const concerns = concernsOf([], [], now, [
    aProcMesh({ id: 'well' }),
    aProcMesh({ id: 'unknown', counts: someCounts({ Running: 1, Unknown: 1 }) }),
    aProcMesh({ id: 'failed', counts: someCounts({ Running: 1, Failed: 3 }) }),
  ]);
  expect(concerns).toMatchObject([{ procMesh: { id: 'failed' } }, { procMesh: { id: 'unknown' } }]);
});

test('what was stopped on purpose is none, and a failed spawn is old news after a day', () => {
  const stopped = aProcMesh({ state: 'stopped', counts: someCounts({ Stopped: 3, Failed: 1 }) });
  const refused = aProcMesh({ state: 'spawn_failed', counts: someCounts({ Stopped: 3, Failed: 1 }) });
  expect(concernsOf([], [], now, [stopped])).toEqual([]);
  expect(concernsOf([], [], now, [refused])).toHaveLength(1);
  expect(concernsOf([], [], now + 48 * 3_600_000, [refused])).toEqual([]);
  expect(concernsOf([], [], now + 48 * 3_600_000, [{ ...refused, residue: 2 }])).toHaveLength(1);
});

test('the verdict counts procs with their whole', () => {
  const failing = aProcMesh({ counts: someCounts({ Running: 9, Failed: 2, Unknown: 1 }) });
  const well = aProcMesh({ id: 'well', counts: someCounts({ Running: 48 }) });
  const over = aProcMesh({ id: 'over', state: 'stopped', counts: someCounts({ Stopped: 5 }) });
  const meshes = [aMesh()];
  const all = [failing, well, over];
  expect(verdictOf(meshes, concernsOf(meshes, [], now, all), all)).toEqual({
    mark: { tone: 'failed', word: 'needs attention' },
    sentence: '3 of 60 procs failed or are unknown.',
  });
});

test('nothing is said to be well while the procs cannot be read', () => {
  expect(verdictOf([aMesh()], [], [], false)).toEqual({
    mark: { tone: 'unknown', word: 'procs not known' },
    sentence: 'Procs could not be read. All 4 hosts in 1 mesh are healthy and hold their config.',
  });
  const failing = aProcMesh({ counts: someCounts({ Running: 3, Failed: 1 }) });
  expect(verdictOf([aMesh()], concernsOf([], [], now, [failing]), [failing], false)).toMatchObject({
    mark: { tone: 'failed' },
    sentence: 'Procs could not be read. 1 of 4 procs failed or are unknown.',
  });
});
