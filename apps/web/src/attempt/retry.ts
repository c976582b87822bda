import type { AttemptSummary, HostResult } from '@hostmesh/contract';

/** Whom a retry asks, in order: `first` alone, and `then` only once all of those have installed. */
export interface RetryTargets {
  readonly first: readonly HostResult[];
  readonly then: readonly HostResult[];
}

/** Targets of a retry of these results, as the API will take them (decision 2). */
export function retryTargets(hosts: readonly HostResult[], only: 'failed' | 'all'): RetryTargets {
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
