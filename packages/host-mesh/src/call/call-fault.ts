import { assertNever, type Fault } from '@hostmesh/core';
import type { AgentFault, Closed, ConnectFault } from '@hostmesh/protocol';
import { phaseText, printElapsed, type PushPhase } from '../links/phase.ts';

/**
 * Why a host did not answer a request.
 * - `unreachable`: it could not be dialled, the last time that this was tried
 * - `own_limit`: it was not asked, because we ran out of something ourselves
 * - `closed`: the connection ended before the answer
 * - `refused`: it answered with a fault
 * - `timed_out`: neither by the deadline
 * - `cancelled`: the caller's signal fired
 */
export type CallFault =
  | { readonly kind: 'unreachable'; readonly fault: ConnectFault }
  | { readonly kind: 'own_limit'; readonly fault: ConnectFault }
  | { readonly kind: 'closed'; readonly closed: Closed }
  | { readonly kind: 'refused'; readonly fault: AgentFault }
  | { readonly kind: 'timed_out'; readonly phase: PushPhase; readonly afterMs: number }
  | { readonly kind: 'cancelled'; readonly phase: PushPhase };

/** In words, as the end of a sentence about the host. */
export function printCallFault(fault: CallFault): string {
  switch (fault.kind) {
    case 'unreachable':
      return `${fault.fault.message} (${fault.fault.code})`;
    case 'own_limit':
      return `not asked, and it is not to blame: ${fault.fault.message} (${fault.fault.code})`;
    case 'closed':
      return `connection ended before the answer: ${fault.closed.message} (${fault.closed.code})`;
    case 'refused':
      return `refused: ${fault.fault.message} (${fault.fault.code})`;
    case 'timed_out':
      return `timed out after ${printElapsed(fault.afterMs)} ${phaseText[fault.phase]}`;
    case 'cancelled':
      return `cancelled ${phaseText[fault.phase]}`;
    default:
      return assertNever(fault);
  }
}

/** An `CallFault` for callers: `code` is what the agent refused with (`unknown_proc`), or else the same as `kind`. */
export interface HostCallFault extends Fault {
  readonly kind: CallFault['kind'];
}

export const hostCallFault = (fault: CallFault): HostCallFault => ({
  kind: fault.kind,
  code: fault.kind === 'refused' ? fault.fault.code : fault.kind,
  message: printCallFault(fault),
});
