import { withoutEffectText, type Mesh } from '@hostmesh/contract';
import { meshMarks, type Mark } from '../ui/state/mark.ts';
import { formatCount } from '../ui/text/plain-text.ts';

/**
 * How a mesh is shown: its state, but never healthier than its hosts. An attached mesh with hosts that lost its
 * config or cannot be heard says so, with the count and the whole.
 */
export function meshStanding(mesh: Pick<Mesh, 'state' | 'hosts'>): Mark {
  if (mesh.state !== 'attached') return meshMarks[mesh.state];
  const { total, configLost, unreachable, connecting } = mesh.hosts;
  const unwell = configLost + unreachable;
  if (unwell > 0) {
    return {
      tone: configLost > 0 ? 'failed' : 'unknown',
      word: `attached, ${formatCount(unwell)} of ${formatCount(total)} not healthy`,
    };
  }
  if (connecting > 0)
    return {
      tone: 'moving',
      word: `attached, ${formatCount(connecting)} of ${formatCount(total)} connecting`,
    };
  const known = withoutEffectText(mesh.hosts);
  return known === '' ? meshMarks.attached : { tone: 'good', word: `attached, ${known}` };
}

/** The filter of a mesh's hosts that leaves those on which some pushed key has no effect. */
export const WITHOUT_EFFECT = '-without_effect:none';

/** Whether the mesh is still ours: only then can it be pushed to, stopped or shut down. */
export const isOwned = (mesh: Pick<Mesh, 'state'>): boolean => mesh.state === 'attached';
