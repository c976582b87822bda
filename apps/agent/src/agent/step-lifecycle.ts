import { assertNever } from '@hostmesh/core';
import type { Lifecycle } from '@hostmesh/protocol';

/** What moves a host through its life. A client that attaches does not (Reference 8.1). */
export type LifecycleEvent =
  | 'proc_created'
  | 'drain_requested'
  | 'drained'
  | 'emptied'
  | 'shutdown_requested';

/**
 * The lifecycle of a host agent (Reference 8.1).
 * - `detached`: runs nothing
 * - `attached`: has created procs
 * - `draining`: ends all of them; takes no new ones
 * - `shutdown`: leaves service, for good: a drain that finishes then does not bring it back (Reference 8.3)
 */
export function stepLifecycle(state: Lifecycle, event: LifecycleEvent): Lifecycle {
  if (event === 'shutdown_requested') return 'shutdown';
  switch (state) {
    case 'detached':
      return event === 'proc_created' ? 'attached' : 'detached';
    case 'attached':
      if (event === 'drain_requested') return 'draining';
      // A drain of one host mesh may leave nothing; the reference stays attached then.
      return event === 'emptied' ? 'detached' : 'attached';
    case 'draining':
      return event === 'drained' ? 'detached' : 'draining';
    case 'shutdown':
      return 'shutdown';
    default:
      return assertNever(state);
  }
}
