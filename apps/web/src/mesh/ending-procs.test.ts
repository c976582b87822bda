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
  expect(endingProcs(mesh, procMeshes)).toEqual({ total: 10, waiting: 0, names: ['workers: 10 procs'] });
});

test('a stop ends our procs, a shutdown those of others too', () => {
  const ending = endingProcs(mesh, procMeshes);
  expect(endingSentence(ending, 'stop')).toBe('10 procs of 1 proc mesh end:');
  expect(endingSentence(ending, 'shutdown')).toContain('every proc of other meshes and owners');
  expect(endingSentence({ total: 0, waiting: 0, names: [] }, 'stop')).toBe('No proc of this mesh runs now.');
});

test('procs that wait for a restart are named too: a stop ends that', () => {
  const restart = { policy: 'on_failure' } as const;
  const looping = aProcMesh({ name: 'loop', restart, counts: someCounts({ Failed: 3 }) });
  const ending = endingProcs(mesh, [looping]);
  expect(ending).toEqual({ total: 0, waiting: 3, names: ['loop: up to 3 procs that wait for a restart'] });
  expect(endingSentence(ending, 'stop')).toBe(
    'Of 1 proc mesh up to 3 procs that wait for a restart end; none is restarted:',
  );
  const half = aProcMesh({ name: 'half', restart, counts: someCounts({ Running: 8, Failed: 1 }) });
  expect(endingProcs(mesh, [half]).names).toEqual(['half: 8 procs and up to 1 that waits for a restart']);
});
