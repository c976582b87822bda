import { afterEndText, type Mesh, type ProcMeshView } from '@hostmesh/contract';
import { countOf, oneOrMany } from '@hostmesh/core';
import { stoppableCount } from '../standing/proc-mesh-standing.ts';

/** Reference 5.2: `stop` gives the hosts back, `shutdown` ends everything on them. */
export type EndWay = 'stop' | 'shutdown';

/** The procs of ours that a stop or shutdown ends: how many, mesh by mesh. */
export interface EndingProcs {
  readonly total: number;
  /** Those of them that have ended, and would be started again. */
  readonly restarting: number;
  /** `workers: 12 procs, 3 wait for a restart`. */
  readonly names: readonly string[];
}

/**
 * Procs that end with a mesh. Stop ends those of this mesh; a shutdown ends every proc on its hosts, of which those of
 * other meshes of ours and of other owners cannot be counted here.
 */
export function endingProcs(mesh: Pick<Mesh, 'id'>, procMeshes: readonly ProcMeshView[]): EndingProcs {
  const ours = procMeshes
    .filter(({ meshId }) => meshId === mesh.id)
    .map(({ name, counts }) => ({ name, counts, total: stoppableCount(counts) }))
    .filter(({ total }) => total > 0);
  return {
    total: ours.reduce((sum, { total }) => sum + total, 0),
    restarting: ours.reduce((sum, { counts }) => sum + counts.restarting, 0),
    names: ours.map(({ name, counts, total }) =>
      [`${name}: ${countOf(total, 'proc')}`, afterEndText(counts)].filter(Boolean).join(', '),
    ),
  };
}

/** What ends, in a sentence. */
export function endingSentence(ending: EndingProcs, way: EndWay): string {
  const others =
    way === 'shutdown' ? ', and with them every proc of other meshes and owners on these hosts' : '';
  if (ending.total === 0) {
    return way === 'shutdown'
      ? 'None of our procs runs here; procs of other meshes and owners on these hosts end.'
      : 'No proc of this mesh runs now.';
  }
  const meshes = countOf(ending.names.length, 'proc mesh', 'proc meshes');
  const end = oneOrMany(ending.total, 'ends', 'end');
  const restarts = ending.restarting > 0 ? '; none is started again' : '';
  return `${countOf(ending.total, 'proc')} of ${meshes} ${end}${others}${restarts}:`;
}
