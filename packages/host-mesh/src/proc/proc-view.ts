import type { EndKind, Status } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import type { KnownEnds } from './known-end.ts';

/** Why nothing is heard of a proc's host: it does not answer, or another one does in its place. */
export type SilenceCause = 'silent' | 'replaced';

/** The last that a host said of a proc, or that was recorded of it. */
export interface LastKnown {
  readonly status: Status;
  readonly text: string;
  readonly generation: number;
  /** Milliseconds since 1970 by the clock of the host. */
  readonly since: number;
  /** How it ended for good; null while it may run, or run again. */
  readonly end: EndKind | null;
  readonly ends: KnownEnds;
  /** When we heard, in milliseconds since 1970; null when that was not recorded. */
  readonly heardAt: number | null;
  /** Null while nothing is known but what was recorded. */
  readonly report: ProcReport | null;
}

/**
 * What is known of one proc, never better than the last thing heard (reference section 12; there a rank is frozen at
 * its first bad state, and silence is a bad state).
 * - `awaited`: its host has said nothing of it yet
 * - `heard`: as its host said last; `again` is since when, if the host fell silent after that and came back without
 *   news
 * - `silent`: its host does not answer, so nobody knows; it heals
 * - `late`: it was not ready by the deadline of its spawn
 * - `refused`: its host would not start it, or could not be asked to
 * - `given_up`: its host was given up by an operator, who knows that nothing more will be heard of it
 * - `lost`: its host, which knew it, answers that it has no such proc
 * - `absent`: it was never started, or nobody ever said that it was
 */
export type ProcView =
  | { readonly kind: 'awaited'; readonly since: number }
  | { readonly kind: 'heard'; readonly last: LastKnown; readonly again: number | null }
  | {
      readonly kind: 'silent';
      readonly last: LastKnown | null;
      readonly since: number;
      readonly why: SilenceCause;
    }
  | {
      readonly kind: 'given_up';
      readonly last: LastKnown | null;
      readonly since: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'late';
      readonly last: LastKnown | null;
      readonly afterMs: number;
      readonly since: number;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly since: number }
  | { readonly kind: 'lost'; readonly last: LastKnown; readonly since: number }
  | { readonly kind: 'absent'; readonly reason: string; readonly since: number };

/** What was heard or concluded of one proc. Times are ours, in milliseconds since 1970. */
export type ProcViewEvent =
  /** Its host said this, now or some time ago. */
  | { readonly kind: 'reported'; readonly report: ProcReport; readonly at: number }
  /** Its host does not answer any more. */
  | { readonly kind: 'host_missed'; readonly why: SilenceCause; readonly at: number }
  /** Its host was given up. */
  | { readonly kind: 'given_up'; readonly reason: string; readonly at: number }
  /** Its host answers again, and has told all that it had to tell. */
  | { readonly kind: 'host_heard'; readonly at: number }
  /** Its host was asked when it should have known the proc, and does not; or it was not asked for it. */
  | { readonly kind: 'missing'; readonly reason: string; readonly at: number }
  /** Its host was asked to start it, and did not. */
  | { readonly kind: 'refused'; readonly reason: string; readonly at: number }
  /** It was to be ready within `afterMs`. */
  | { readonly kind: 'deadline_passed'; readonly afterMs: number; readonly at: number };

/** The last thing that its host is known to have said; null for a proc of which none has said anything. */
export const lastOf = (view: ProcView): LastKnown | null => ('last' in view ? view.last : null);

/** Whether nothing more will come of the proc, unless its host says that we are wrong. */
export function isFinalView(view: ProcView): boolean {
  if (view.kind === 'heard') return view.last.end !== null;
  return (
    view.kind === 'lost' || view.kind === 'given_up' || view.kind === 'refused' || view.kind === 'absent'
  );
}
