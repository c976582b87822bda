import { assertNever, shortDigest } from '@hostmesh/core';
import type { AgentFault, ConnectFault } from '@hostmesh/protocol';
import { phaseText, printElapsed, type PushPhase } from '../links/phase.ts';

/**
 * Why one host did not install the config (design section 7.2; reference section 6.4, whose single kind in
 * practice is replaced by causes). The set may grow: readers keep an arm for kinds that they do not know.
 */
export type ConfigPushFailure =
  /** The request could not be delivered. `code` is that of the connect fault. */
  | { readonly kind: 'SendFailed'; readonly message: string; readonly code: string }
  /** The push could not be carried out, and no host is to blame. `own_limit`: we ran out of something ourselves. */
  | { readonly kind: 'CastFailed'; readonly message: string; readonly code?: 'own_limit' }
  /** No acknowledgement by the deadline; `afterMs` is the timeout, which runs once no host is waited for. */
  | {
      readonly kind: 'ReplyTimedOut';
      readonly message: string;
      readonly phase: PushPhase;
      readonly afterMs: number;
    }
  /** The connection ended before the acknowledgement: what the host did is not known. */
  | { readonly kind: 'ReplyChannelClosed'; readonly message: string; readonly code: string }
  /** The host answered, and refused. */
  | { readonly kind: 'Rejected'; readonly message: string; readonly code: string; readonly keys?: string[] }
  /** The host installed something else than what was sent. */
  | {
      readonly kind: 'DigestMismatch';
      readonly message: string;
      readonly expected: string;
      readonly actual: string;
    }
  /** The attempt was cancelled before this host installed. */
  | { readonly kind: 'Cancelled'; readonly message: string };

export type ConfigPushFailureKind = ConfigPushFailure['kind'];

export const sendFailed = ({ message, code }: ConnectFault): ConfigPushFailure => ({
  kind: 'SendFailed',
  message,
  code,
});

export const castFailed = (message: string, code?: 'own_limit'): ConfigPushFailure => ({
  kind: 'CastFailed',
  message,
  ...(code !== undefined && { code }),
});

/** Whether no host has a part in it: it names none then. */
export const isOwnLimit = (failure: { readonly kind: string; readonly code?: string }): boolean =>
  failure.kind === 'CastFailed' && failure.code === 'own_limit';

export const replyTimedOut = (phase: PushPhase, afterMs: number): ConfigPushFailure => ({
  kind: 'ReplyTimedOut',
  message: `timed out after ${printElapsed(afterMs)} ${phaseText[phase]}`,
  phase,
  afterMs,
});

export const replyChannelClosed = (code: string, message: string): ConfigPushFailure => ({
  kind: 'ReplyChannelClosed',
  message,
  code,
});

/** A refusal as the agent worded it, except where we know better what it means: see `epoch`. */
export const rejected = (fault: AgentFault, epoch: number): ConfigPushFailure => ({
  kind: 'Rejected',
  // A host that has already seen the very epoch of this attempt was reached by it on another address.
  message:
    fault.code === 'stale_epoch' && fault.epoch === epoch
      ? 'another address of this attempt leads to the same host'
      : fault.message,
  code: fault.code,
  ...(fault.keys !== undefined && { keys: fault.keys }),
});

/** Who answers at an address. */
export interface Claimant {
  /** As `HostTarget.text`. */
  readonly address: string;
  readonly hostId: string;
  readonly incarnation: string;
}

/** Who answers at the address of a rank. */
export interface RankedClaimant extends Claimant {
  readonly rank: number;
}

/** In words, why two addresses cannot both be the host that they claim to be, and what to do. */
export const hostIdConflictText = (host: Claimant, other: Claimant): string =>
  host.incarnation === other.incarnation
    ? `the same host twice: ${other.address} leads to the same agent; leave one of them out`
    : `two agents claim to be ${host.hostId}, this one and that at ${other.address}: one runs on a copy of the other's ` +
      'data directory; stop it, remove the file host-id from its data directory, and start it as a host of its own';

/** Two addresses of a push lead to one host id. */
export const hostIdConflict = (host: Claimant, other: Claimant): ConfigPushFailure => ({
  kind: 'Rejected',
  message: hostIdConflictText(host, other),
  code: 'host_id_conflict',
});

export const digestMismatch = (expected: string, actual: string): ConfigPushFailure => ({
  kind: 'DigestMismatch',
  message: `the host installed ${shortDigest(actual)} instead of ${shortDigest(expected)}`,
  expected,
  actual,
});

export const cancelled = (phase: PushPhase): ConfigPushFailure => ({
  kind: 'Cancelled',
  message: `the attempt was cancelled ${phaseText[phase]}`,
});

/** One line without the address, as in `send failed: connection refused (ECONNREFUSED)`. */
export function printConfigPushFailure(failure: ConfigPushFailure): string {
  switch (failure.kind) {
    case 'SendFailed':
      return `send failed: ${failure.message} (${failure.code})`;
    case 'CastFailed':
      return `cast failed: ${failure.message}${failure.code === undefined ? '' : ` (${failure.code})`}`;
    case 'ReplyTimedOut':
      return `reply ${failure.message}`;
    case 'ReplyChannelClosed':
      return `reply channel closed before reply: ${failure.message} (${failure.code})`;
    case 'Rejected':
      return `rejected: ${failure.message} (${failure.code})`;
    case 'DigestMismatch':
      return `digest mismatch: ${failure.message}`;
    case 'Cancelled':
      return `cancelled: ${failure.message}`;
    default:
      return assertNever(failure);
  }
}
