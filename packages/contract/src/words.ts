import { formatCount } from '@hostmesh/core';
import { withoutEffectText, type Mesh, type MeshHost } from './mesh.ts';

/** The word for a state of anything, the same on a page and in a terminal: its code, as people write it. */
export const stateWord = (state: string): string => state.replaceAll('_', ' ');

/** How a mesh stands in a few words: its state, but never healthier than its hosts. */
export function meshStandingWord({ state, hosts }: Pick<Mesh, 'state' | 'hosts'>): string {
  if (state !== 'attached') return stateWord(state);
  const { total, healthy, connecting } = hosts;
  const part = (count: number) => `${formatCount(count)} of ${formatCount(total)}`;
  const unwell = total - healthy - connecting;
  if (unwell > 0) return `attached, ${part(unwell)} not healthy`;
  if (connecting > 0) return `attached, ${part(connecting)} connecting`;
  const withoutEffect = withoutEffectText(hosts);
  return withoutEffect === '' ? 'attached' : `attached, ${withoutEffect}`;
}

/** What an agent says of its procs: its lifecycle (reference 8.1), which attaching and detaching a mesh do not change. */
const lifecycleWords: Readonly<Record<string, string>> = {
  detached: 'has no procs',
  attached: 'has procs',
  draining: 'ends its procs, takes no new ones',
  shutdown: 'leaves service',
};

/** The lifecycle of an agent in words that are not those of meshes; one that a newer agent says stays as it is. */
export const lifecycleText = (lifecycle: MeshHost['lifecycle']): string | null =>
  lifecycle === null ? null : (lifecycleWords[lifecycle] ?? lifecycle);
