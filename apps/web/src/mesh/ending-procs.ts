import type { Mesh, ProcMeshView } from '@hostmesh/contract';
import { liveCount, waitingCount } from '../standing/proc-mesh-standing.ts';
import { countOf, formatCount } from '../ui/text/plain-text.ts';

/** Reference 5.2: `stop` gives the hosts back, `shutdown` ends everything on them. */
export type EndWay = 'stop' | 'shutdown';

/** The procs of ours that a stop or shutdown ends: how many, mesh by mesh. */
export interface EndingProcs {
  readonly total: number;
  /** Procs that do not run and may be started again, at most so many. */
  readonly waiting: number;
  /** `workers: 12 procs and up to 3 that wait for a restart`. */
  readonly names: readonly string[];
}

/**
 * Procs that end with a mesh. Stop ends those of this mesh; a shutdown ends every proc on its hosts, of which those of
 * other meshes of ours and of other owners cannot be counted here.
 */
export function endingProcs(mesh: Pick<Mesh, 'id'>, procMeshes: readonly ProcMeshView[]): EndingProcs {
  const ours = procMeshes
    .filter(({ meshId }) => meshId === mesh.id)
    .map((procMesh) => ({
      name: procMesh.name,
      live: liveCount(procMesh.counts),
      waiting: waitingCount(procMesh),
    }))
    .filter(({ live, waiting }) => live + waiting > 0);
  return {
    total: ours.reduce((sum, { live }) => sum + live, 0),
    waiting: ours.reduce((sum, { waiting }) => sum + waiting, 0),
    names: ours.map(({ name, live, waiting }) => `${name}: ${partsOf(live, waiting)}`),
  };
}

/** Counts do not tell whose restarts are used up, so those that wait are counted as `up to`. */
function partsOf(live: number, waiting: number): string {
  if (waiting === 0) return countOf(live, 'proc');
  if (live === 0)
    return `up to ${countOf(waiting, 'proc')} that ${waiting === 1 ? 'waits' : 'wait'} for a restart`;
  return `${countOf(live, 'proc')} and up to ${formatCount(waiting)} that ${waiting === 1 ? 'waits' : 'wait'} for a restart`;
}

/** What ends, in a sentence. */
export function endingSentence(ending: EndingProcs, way: EndWay): string {
  const others =
    way === 'shutdown' ? ', and with them every proc of other meshes and owners on these hosts' : '';
  if (ending.total + ending.waiting === 0) {
    return way === 'shutdown'
      ? 'None of our procs runs here; procs of other meshes and owners on these hosts end.'
      : 'No proc of this mesh runs now.';
  }
  const meshes = countOf(ending.names.length, 'proc mesh', 'proc meshes');
  if (ending.waiting > 0)
    return `Of ${meshes} ${partsOf(ending.total, ending.waiting)} end${others}; none is restarted:`;
  return `${countOf(ending.total, 'proc')} of ${meshes} ${ending.total === 1 ? 'ends' : 'end'}${others}:`;
}
