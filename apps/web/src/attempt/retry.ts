import type { AttemptSummary, HostResult } from '@hostmesh/contract';

/** Those that failed before the others, or all at once. */
export type RetryKind = 'failed' | 'all';

/** Whom a retry asks, in order: `first` alone, and `then` only once all of those have installed. */
export interface RetryTargets {
  readonly first: readonly HostResult[];
  readonly then: readonly HostResult[];
}

/** Targets of a retry of these results, as the API will take them (decision 2). */
export function retryTargets(hosts: readonly HostResult[], only: RetryKind): RetryTargets {
  if (only === 'all') return { first: hosts, then: [] };
  return {
    first: hosts.filter(({ failure }) => failure !== null),
    then: hosts.filter(({ failure }) => failure === null),
  };
}

/** Whether an attempt can be retried: it has ended, and its mesh is not attached. */
export const canRetry = ({ state }: Pick<AttemptSummary, 'state'>): boolean =>
  state !== 'running' && state !== 'attached';

/** `1 host`, `12 hosts`. */
export const hostsText = (count: number): string => `${count} host${count === 1 ? '' : 's'}`;

/** What the button of a retry says: what it does, and to how many hosts. */
export const retryVerb = (only: RetryKind, failed: number, total: number): string =>
  only === 'failed'
    ? `Retry ${failed} failed host${failed === 1 ? '' : 's'}`
    : `Retry all ${hostsText(total)}`;
