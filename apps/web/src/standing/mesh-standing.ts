import { meshStandingWord, type Mesh } from '@hostmesh/contract';
import { meshMarks, type Mark } from '../ui/state/mark.ts';

/**
 * How a mesh is shown: its state, but never healthier than its hosts. An attached mesh with hosts that lost its
 * config, were replaced, or cannot be heard says so, with the count and the whole.
 */
export function meshStanding(mesh: Pick<Mesh, 'state' | 'hosts'>): Mark {
  if (mesh.state !== 'attached') return meshMarks[mesh.state];
  const { total, healthy, configLost, replaced, connecting } = mesh.hosts;
  const word = meshStandingWord(mesh);
  if (total > healthy + connecting) return { tone: configLost + replaced > 0 ? 'failed' : 'unknown', word };
  return { tone: connecting > 0 ? 'moving' : 'good', word };
}

/** The filter of a mesh's hosts that leaves those on which some pushed key has no effect. */
export const WITHOUT_EFFECT = '-without_effect:none';

/** Whether the mesh is still ours: only then can it be pushed to, stopped or shut down. */
export const isOwned = (mesh: Pick<Mesh, 'state'>): boolean => mesh.state === 'attached';
