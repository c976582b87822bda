import { assertNever } from '@hostmesh/core';
import type { SimFault } from './sim-fault.ts';

/** What a push to a host must come to: installed, or the kind of its ConfigPushFailure (design section 7.2). */
export type ExpectedPush =
  | { readonly kind: 'installed' }
  | { readonly kind: 'SendFailed'; readonly code: string }
  | { readonly kind: 'ReplyTimedOut'; readonly phase: 'handshaking' | 'awaiting_ack' }
  | { readonly kind: 'ReplyChannelClosed' }
  | { readonly kind: 'Rejected'; readonly code: string }
  | { readonly kind: 'DigestMismatch' };

/** `restore` is what becomes of the host when the attach fails as a whole (design section 7.3). */
export interface ExpectedOutcome {
  readonly push: ExpectedPush;
  /** `either`: depends on whether a trickling acknowledgement ends before the restore is given up. */
  readonly restore: 'restored' | 'not_needed' | 'residue' | 'either';
}

/** What a correct engine reports for a host with this fault under a total deadline of `timeoutMs`. */
export function expectedOutcome(fault: SimFault, timeoutMs: number): ExpectedOutcome {
  const timedOut = { kind: 'ReplyTimedOut', phase: 'awaiting_ack' } as const;
  switch (fault.kind) {
    case 'healthy':
    case 'shadow':
    case 'answer_twice':
      return { push: { kind: 'installed' }, restore: 'restored' };
    case 'answer_late':
      return { push: fault.afterMs < timeoutMs ? { kind: 'installed' } : timedOut, restore: 'restored' };
    case 'slow_drip':
      return fault.overMs < timeoutMs
        ? { push: { kind: 'installed' }, restore: 'restored' }
        : { push: timedOut, restore: 'either' };
    case 'refuse':
      return { push: { kind: 'SendFailed', code: 'ECONNREFUSED' }, restore: 'not_needed' };
    case 'hang_after_accept':
      return { push: { kind: 'ReplyTimedOut', phase: 'handshaking' }, restore: 'not_needed' };
    case 'hang_after_hello':
      return { push: timedOut, restore: 'residue' };
    case 'drop_before_install':
    case 'garbage':
    case 'restart':
      return { push: { kind: 'ReplyChannelClosed' }, restore: 'not_needed' };
    case 'drop_after_install':
      return { push: { kind: 'ReplyChannelClosed' }, restore: 'restored' };
    case 'wrong_digest':
      return { push: { kind: 'DigestMismatch' }, restore: 'restored' };
    case 'reject':
      return { push: { kind: 'Rejected', code: fault.code }, restore: 'not_needed' };
    default:
      return assertNever(fault);
  }
}
