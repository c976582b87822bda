import type { Attempt, AttemptSummary, HostResult, RetryRequest } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';

/** Those that failed before the others, all at once, or without those that failed. */
export type RetryKind = RetryRequest['only'];

/** Whom a retry asks, in order: `first` alone, and `then` only once all of those have installed. */
export interface RetryTargets {
  readonly first: readonly HostResult[];
  readonly then: readonly HostResult[];
  readonly leftOut: readonly HostResult[];
}

/** Targets of a retry of these results, as the API will take them (decision 2). */
export function retryTargets(hosts: readonly HostResult[], only: RetryKind): RetryTargets {
  const failed = hosts.filter(({ failure }) => failure !== null);
  const others = hosts.filter(({ failure }) => failure === null);
  switch (only) {
    case 'all':
      return { first: hosts, then: [], leftOut: [] };
    case 'failed':
      return { first: failed, then: others, leftOut: [] };
    case 'installed':
      return { first: others, then: [], leftOut: failed };
  }
}

/** Whether the mesh can be attached without the hosts that failed: of a push it cannot, nor when none installed. */
export const canLeaveOut = ({ kind, state, counts }: Pick<Attempt, 'kind' | 'state' | 'counts'>): boolean =>
  canRetry({ kind, state }) && kind === 'attach' && counts.installed > 0 && counts.failed > 0;

/** Whether an attempt can be retried: it has ended, and its mesh is not attached. A heal is tried again by the console itself. */
export const canRetry = ({ kind, state }: Pick<AttemptSummary, 'kind' | 'state'>): boolean =>
  kind !== 'heal' && state !== 'running' && state !== 'attached';

/** `1 host`, `12 hosts`. */
export const hostsText = (count: number): string => countOf(count, 'host');

/** What the button of a retry says: what it does, and to how many hosts. */
export function retryVerb(only: RetryKind, failed: number, total: number): string {
  switch (only) {
    case 'all':
      return `Retry all ${hostsText(total)}`;
    case 'failed':
      return `Retry ${countOf(failed, 'failed host')}`;
    case 'installed':
      return `Attach without ${countOf(failed, 'failed host')}`;
  }
}
