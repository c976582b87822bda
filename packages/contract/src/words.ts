import { formatCount } from '@hostmesh/core';
import type { HostResult, Restore } from './attempt/attempt.ts';
import type { ConfigPushFailureKind } from './attempt/config-push-failure.ts';
import { withoutEffectText, type Mesh, type MeshHost } from './mesh.ts';

/** The word for a state of anything, the same on a page and in a terminal: its code, as people write it. */
export const stateWord = (state: string): string => state.replaceAll('_', ' ');

/** How a host failed. */
export const failureWords = {
  SendFailed: 'send failed',
  CastFailed: 'not started',
  ReplyTimedOut: 'timed out',
  ReplyChannelClosed: 'connection closed',
  Rejected: 'rejected',
  DigestMismatch: 'digest mismatch',
  Cancelled: 'cancelled',
  Interrupted: 'interrupted',
} as const satisfies Record<ConfigPushFailureKind, string>;

/** The word for a failure; one of a kind that this version does not know is told by the name of its kind. */
export const failureWord = ({ kind }: { readonly kind: string }): string =>
  // A newer server may send other kinds: the table is then read with a key that it lacks.
  (failureWords as Partial<Record<string, string>>)[kind] ?? kind;

/** What became of the config that a failed attempt had installed. */
export const restoreWords = {
  pending: 'restoring',
  restored: 'restored',
  not_needed: 'not needed',
  residue: 'residue',
} as const satisfies Record<Restore['kind'], string>;

/**
 * How one host of an attempt stands. A failed host is told by how it failed; of one that is to have its earlier config back
 * it is told whether it has, and not that it had installed the new one.
 */
export function hostResultWord({
  state,
  failure,
  restore,
}: Pick<HostResult, 'state' | 'failure' | 'restore'>): string {
  if (failure !== null) return failureWord(failure);
  if (restore === null || restore.kind === 'not_needed') return stateWord(state);
  return restore.kind === 'restored' ? 'rolled back' : restoreWords[restore.kind];
}

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
