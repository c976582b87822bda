import { aMesh, anAttempt, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { concernsOf, verdictOf } from './concerns.ts';

const now = Date.parse('2026-01-02T00:00:00Z');
const unwell = (unreachable: number, configLost = 0) =>
  aMesh({
    id: `mesh_${unreachable}_${configLost}`,
    hosts: {
      total: 8,
      connecting: 0,
      healthy: 8 - unreachable - configLost,
      unreachable,
      configLost,
      replaced: 0,
      released: 0,
      withoutEffect: 0,
      keysWithoutEffect: 0,
    },
  });
const ended = (state: 'failed' | 'attached' | 'interrupted' | 'cancelled', startedAt: string, residue = 0) =>
  anAttempt({ state, startedAt, counts: { ...anAttempt().counts, residue } });

test('meshes with unwell hosts are concerns, the worst first', () => {
  const concerns = concernsOf([aMesh(), unwell(1), unwell(2, 1)], [], now);
  expect(concerns).toMatchObject([{ mesh: { id: 'mesh_2_1' } }, { mesh: { id: 'mesh_1_0' } }]);
});

test('a failed attempt is a concern until a later one on the same mesh ends well', () => {
  const failed = ended('failed', '2026-01-01T20:00:00Z');
  expect(concernsOf([], [failed], now)).toHaveLength(1);
  expect(concernsOf([], [ended('attached', '2026-01-01T21:00:00Z'), failed], now)).toEqual([]);
});

test('a failure of the day before yesterday is history, residue never is', () => {
  expect(concernsOf([], [ended('failed', '2025-12-30T00:00:00Z')], now)).toEqual([]);
  expect(concernsOf([], [ended('failed', '2025-12-30T00:00:00Z', 1)], now)).toHaveLength(1);
});

test('cancelling on purpose is no concern', () => {
  expect(concernsOf([], [ended('cancelled', '2026-01-01T23:00:00Z')], now)).toEqual([]);
});

test('the verdict names counts with their whole', () => {
  const meshes = [aMesh(), unwell(2, 1)];
  expect(verdictOf(meshes, concernsOf(meshes, [], now))).toEqual({
    mark: { tone: 'failed', word: 'needs attention' },
    sentence: '3 of 12 hosts in 2 meshes are not healthy.',
  });
});

test('all is well only when every host is healthy', () => {
  expect(verdictOf([aMesh()], []).mark.tone).toBe('good');
  const connecting = aMesh({
    hosts: { ...aMesh().hosts, connecting: 1, healthy: 3 },
  });
  expect(verdictOf([connecting], []).mark.tone).toBe('moving');
  expect(verdictOf([], []).mark.tone).toBe('absent');
});

test('a difference that is known stands beside the health of hosts', () => {
  const shadowed = aMesh({ hosts: { ...aMesh().hosts, withoutEffect: 1, keysWithoutEffect: 2 } });
  expect(verdictOf([aMesh(), shadowed], [])).toEqual({
    mark: { tone: 'good', word: 'all healthy' },
    sentence: 'All 8 hosts in 2 meshes are healthy and hold their config, 1 with 2 keys without effect.',
  });
  const unwell = aMesh({ hosts: { ...aMesh().hosts, healthy: 3, unreachable: 1 } });
  expect(verdictOf([unwell, shadowed], [{ kind: 'mesh', mesh: unwell }]).sentence).toBe(
    '1 of 8 hosts in 2 meshes is not healthy. 1 with 2 keys without effect.',
  );
});

test('procs that need attention are concerns, the most of them first', () => {
  const concerns = concernsOf([], [], now, [
    aProcMesh({ id: 'well' }),
    aProcMesh({ id: 'seen', counts: someCounts({ Failed: 4 }) }),
    aProcMesh({ id: 'unknown', counts: someCounts({ Running: 1, Unknown: 1 }), needsAttention: true }),
    aProcMesh({ id: 'failed', counts: someCounts({ Running: 1, Failed: 3 }), needsAttention: true }),
  ]);
  expect(concerns).toMatchObject([{ procMesh: { id: 'failed' } }, { procMesh: { id: 'unknown' } }]);
});

test('the verdict counts procs with their whole, and what has ended by how it did', () => {
  const counts = someCounts({ Running: 9, Failed: 2, Unknown: 1 });
  const failing = aProcMesh({ counts, needsAttention: true });
  const well = aProcMesh({ id: 'well', counts: someCounts({ Running: 48 }) });
  const over = (state: 'stopped' | 'failed' | 'lost' | 'spawn_failed', needsAttention: boolean) =>
    aProcMesh({ id: state, state, counts: someCounts({ Stopped: 5 }), needsAttention });
  const meshes = [aMesh()];
  const all = [
    failing,
    well,
    over('stopped', false),
    over('failed', true),
    over('lost', true),
    over('spawn_failed', true),
  ];
  expect(verdictOf(meshes, concernsOf(meshes, [], now, all), all)).toEqual({
    mark: { tone: 'failed', word: 'needs attention' },
    sentence:
      '3 of 60 procs failed or are unknown. 1 proc mesh failed. How 1 proc mesh ended is not known. 1 spawn failed.',
  });
});

test('nothing is said to be well while the procs cannot be read', () => {
  expect(verdictOf([aMesh()], [], [], false)).toEqual({
    mark: { tone: 'unknown', word: 'procs not known' },
    sentence: 'Procs could not be read. All 4 hosts in 1 mesh are healthy and hold their config.',
  });
  const failing = aProcMesh({ counts: someCounts({ Running: 3, Failed: 1 }), needsAttention: true });
  expect(verdictOf([aMesh()], concernsOf([], [], now, [failing]), [failing], false)).toMatchObject({
    mark: { tone: 'failed' },
    sentence: 'Procs could not be read. 1 of 4 procs failed or is unknown.',
  });
});
