/**
 * What a simulated host does wrong. Faults of pushes strike spawns in the same way ("installs" is "starts the procs"
 * there) and leave every other request alone, so that a restore after a failed attach, or a stop after a failed
 * spawn, is answered truthfully. Procs that run go on whatever the fault, but for `restart`.
 * - `refuse`: nobody listens; open connections end
 * - `hang_after_accept`: TCP is accepted, nothing is ever said
 * - `hang_after_hello`: says hello, then answers no request of any kind. Like a stopped process: what happened
 *   meanwhile is told when the fault is taken away, while leases run out
 * - `drop_before_install`, `drop_after_install`: the connection ends without an answer to the push; in the second
 *   case the config is installed and only the acknowledgement is lost
 * - `answer_twice`: installs and acknowledges two times
 * - `answer_late`: installs at once, acknowledges `afterMs` later
 * - `wrong_digest`: installs something else, and says so
 * - `reject`: answers with a fault of this code and installs nothing
 * - `garbage`: answers with a frame that is not of the protocol and installs nothing
 * - `slow_drip`: installs at once; the bytes of the acknowledgement trickle, the last one `overMs` later
 * - `shadow`: installs, but its own environment wins over the first of the keys
 * - `restart`: dies on the push before it installs, and is back at once as a new incarnation without config, whose
 *   procs have ended with it, but for those that were to be kept
 */
export type SimFault =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'hang_after_accept' }
  | { readonly kind: 'hang_after_hello' }
  | { readonly kind: 'drop_before_install' }
  | { readonly kind: 'drop_after_install' }
  | { readonly kind: 'answer_twice' }
  | { readonly kind: 'answer_late'; readonly afterMs: number }
  | { readonly kind: 'wrong_digest' }
  | { readonly kind: 'reject'; readonly code: string }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'slow_drip'; readonly overMs: number }
  | { readonly kind: 'shadow' }
  | { readonly kind: 'restart' };

export type SimFaultKind = SimFault['kind'];

/** Every kind of fault, `healthy` first. */
export const simFaultKinds = [
  'healthy',
  'refuse',
  'hang_after_accept',
  'hang_after_hello',
  'drop_before_install',
  'drop_after_install',
  'answer_twice',
  'answer_late',
  'wrong_digest',
  'reject',
  'garbage',
  'slow_drip',
  'shadow',
  'restart',
] as const satisfies readonly SimFaultKind[];

/** Details of the faults that have any. */
export interface FaultDetails {
  readonly afterMs: number;
  readonly overMs: number;
  readonly code: string;
}

/** The fault of a kind, with those of the details that belong to it. */
export function simFault(kind: SimFaultKind, details: FaultDetails): SimFault {
  switch (kind) {
    case 'answer_late':
      return { kind, afterMs: details.afterMs };
    case 'slow_drip':
      return { kind, overMs: details.overMs };
    case 'reject':
      return { kind, code: details.code };
    default:
      return { kind };
  }
}
