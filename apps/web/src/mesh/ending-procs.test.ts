import { aMesh, aProcMesh, someCounts } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { endingProcs, endingSentence } from './ending-procs.ts';

const mesh = aMesh({ id: 'mesh_1' });
const procMeshes = [
  aProcMesh({ id: 'a', name: 'workers', counts: someCounts({ Running: 8, Unknown: 2, Failed: 2 }) }),
  aProcMesh({ id: 'b', name: 'over', state: 'stopped', counts: someCounts({ Stopped: 4 }) }),
  aProcMesh({ id: 'c', name: 'else', meshId: 'mesh_2' }),
];

test('what may run ends, also when nobody knows; what has ended and what is elsewhere does not', () => {
  expect(endingProcs(mesh, procMeshes)).toEqual({ total: 10, restarting: 0, names: ['workers: 10 procs'] });
});

test('a stop ends our procs, a shutdown those of others too', () => {
  const ending = endingProcs(mesh, procMeshes);
  expect(endingSentence(ending, 'stop')).toBe('10 procs of 1 proc mesh end:');
  expect(endingSentence(ending, 'shutdown')).toContain('every proc of other meshes and owners');
  expect(endingSentence({ total: 0, restarting: 0, names: [] }, 'stop')).toBe(
    'No proc of this mesh runs now.',
  );
});

test('procs that wait for a restart, and those that left processes, are named too: a stop ends that', () => {
  const counts = someCounts({ Running: 8, Failed: 3, Stopped: 2, restarting: 3, lingering: 1 });
  const ending = endingProcs(mesh, [aProcMesh({ name: 'loop', counts })]);
  expect(ending).toEqual({
    total: 12,
    restarting: 3,
    names: ['loop: 12 procs, 3 wait for a restart, 1 has processes left'],
  });
  expect(endingSentence(ending, 'stop')).toBe('12 procs of 1 proc mesh end; none is started again:');
});
