import type { Mesh, ProcMesh } from '@hostmesh/contract';
import { liveCount } from '../proc-mesh/standing.ts';
import { countOf } from '../ui/text/count.ts';

/** Reference 5.2: `stop` gives the hosts back, `shutdown` ends everything on them. */
export type EndWay = 'stop' | 'shutdown';

/** What a stop or shutdown ends of the procs that we know: how many, mesh by mesh. */
export interface EndingProcs {
  readonly total: number;
  /** `workers: 12 procs`. */
  readonly names: readonly string[];
}

/**
 * Procs that end with a mesh. Stop ends those of this mesh; a shutdown ends every proc on its hosts, of which those of
 * other meshes of ours and of other owners cannot be counted here.
 */
export function endingProcs(mesh: Pick<Mesh, 'id'>, procMeshes: readonly ProcMesh[]): EndingProcs {
  const ours = procMeshes.filter(({ meshId, counts }) => meshId === mesh.id && liveCount(counts) > 0);
  return {
    total: ours.reduce((sum, { counts }) => sum + liveCount(counts), 0),
    names: ours.map(({ name, counts }) => `${name}: ${countOf(liveCount(counts), 'proc')}`),
  };
}

/** That in a sentence. */
export function endingSentence(ending: EndingProcs, way: EndWay): string {
  const others =
    way === 'shutdown' ? ', and with them every proc of other meshes and owners on these hosts' : '';
  if (ending.total === 0) {
    return way === 'shutdown'
      ? 'None of our procs runs here; procs of other meshes and owners on these hosts end.'
      : 'No proc of this mesh runs now.';
  }
  return `${countOf(ending.total, 'proc')} of ${countOf(ending.names.length, 'proc mesh', 'proc meshes')} ${ending.total === 1 ? 'ends' : 'end'}${others}:`;
}
