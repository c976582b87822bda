import { assertNever } from '@hostmesh/core';
import type { AgentFault } from '@hostmesh/protocol';
import { backoffMs } from '../clock/backoff.ts';
import type { PushPhase } from '../links/phase.ts';
import {
  cancelled,
  castFailed,
  digestMismatch,
  rejected,
  replyChannelClosed,
  replyTimedOut,
  sendFailed,
  type ConfigPushFailure,
} from './config-push-failure.ts';
import type { HostPushCommand, HostPushEvent, HostPushState, PushTerms } from './host-push-state.ts';

type Connecting = Extract<HostPushState, { kind: 'connecting' }>;
type AwaitingAck = Extract<HostPushState, { kind: 'awaiting_ack' }>;
type Step = readonly [HostPushState, HostPushCommand | null];

/** Pauses between dials of a host that still boots. */
const bootBackoff = { firstMs: 50, maxMs: 2_000 };

/** A refusal with one of these codes came before anything was installed. */
const refusedBeforeInstalling: ReadonlySet<string> = new Set([
  'bad_request',
  'unknown_request',
  'invalid_config',
  'digest_mismatch',
  'stale_epoch',
  'wrong_lifecycle',
]);

/**
 * The next state of the push on one host, and what to do for it (design section 7.1). An event that does not
 * apply to the state changes nothing, so late answers and events of other requests are harmless.
 */
export function stepHostPush(
  state: HostPushState,
  event: HostPushEvent,
  now: number,
  terms: PushTerms,
): Step {
  switch (state.kind) {
    case 'queued':
      return stepQueued(state, event, now);
    case 'connecting':
      return stepConnecting(state, event, now, terms);
    case 'awaiting_ack':
      return stepAwaitingAck(state, event, now, terms);
    case 'installed':
      return event.kind === 'conflict' ? touched(state, event.failure, true) : [state, null];
    case 'failed':
      return [state, null];
    default:
      return assertNever(state);
  }
}

function stepQueued(state: HostPushState, event: HostPushEvent, now: number): Step {
  switch (event.kind) {
    case 'dial_began':
      return [{ kind: 'connecting', phase: 'dialling', since: now, dials: 1, lastFault: null }, null];
    case 'connected':
      return [{ kind: 'awaiting_ack', host: event.host, connectMs: null, sentAt: now }, { kind: 'send' }];
    case 'not_admitted':
      return untouched(event.failure, event.host);
    case 'cast_failed':
      return untouched(castFailed(event.message, event.code));
    case 'deadline_passed':
      return untouched(replyTimedOut('queued', event.afterMs));
    case 'cancelled':
      return untouched(cancelled('queued'));
    default:
      return [state, null];
  }
}

function stepConnecting(state: Connecting, event: HostPushEvent, now: number, terms: PushTerms): Step {
  switch (event.kind) {
    case 'dial_began':
      if (state.phase !== 'backing_off') return [state, null];
      return [{ ...state, phase: 'dialling', dials: state.dials + 1 }, null];
    case 'handshake_began':
      return [state.phase === 'dialling' ? { ...state, phase: 'handshaking' } : state, null];
    case 'connected':
      return [
        { kind: 'awaiting_ack', host: event.host, connectMs: now - state.since, sentAt: now },
        { kind: 'send' },
      ];
    case 'not_admitted':
      return untouched(event.failure, event.host);
    case 'cast_failed':
      return untouched(castFailed(event.message, event.code));
    case 'connect_failed': {
      if (state.phase === 'backing_off') return [state, null];
      const { fault, jitter } = event;
      if (!fault.retryable || now >= terms.waitUntil) return untouched(sendFailed(fault));
      // The last dial comes exactly when the waiting ends.
      const delayMs = Math.min(backoffMs(bootBackoff, state.dials, jitter), terms.waitUntil - now);
      return [
        { ...state, phase: 'backing_off', lastFault: fault },
        { kind: 'reach_later', delayMs },
      ];
    }
    case 'deadline_passed':
      // What the last dial met that came to an end says more than that time ran out before the next one did.
      if (state.phase !== 'handshaking' && state.lastFault !== null)
        return untouched(sendFailed(state.lastFault));
      return untouched(replyTimedOut(phaseOf(state), event.afterMs));
    case 'cancelled':
      return untouched(cancelled(phaseOf(state)));
    default:
      return [state, null];
  }
}

function stepAwaitingAck(state: AwaitingAck, event: HostPushEvent, now: number, terms: PushTerms): Step {
  switch (event.kind) {
    case 'acknowledged': {
      if (event.requestId !== terms.requestId) return [state, null];
      const { host, connectMs, sentAt } = state;
      if (event.ack.digest !== terms.digest)
        return touched(state, digestMismatch(terms.digest, event.ack.digest), true);
      return [{ kind: 'installed', host, connectMs, ackMs: now - sentAt, ack: event.ack }, null];
    }
    case 'refused':
      if (event.requestId !== terms.requestId) return [state, null];
      return touched(state, rejected(event.fault, terms.epoch), mayHoldAfter(event.fault));
    case 'cast_failed':
      return touched(state, castFailed(event.message, event.code), true);
    case 'conflict':
      return touched(state, event.failure, true);
    case 'closed':
      return touched(state, replyChannelClosed(event.code, event.message), true);
    case 'deadline_passed':
      return touched(state, replyTimedOut('awaiting_ack', event.afterMs), true);
    case 'cancelled':
      return touched(state, cancelled('awaiting_ack'), true);
    default:
      return [state, null];
  }
}

const phaseOf = (state: Connecting): PushPhase =>
  state.phase === 'handshaking' ? 'handshaking' : 'connecting';

const mayHoldAfter = (fault: AgentFault): boolean => !refusedBeforeInstalling.has(fault.code);

/** A host that was sent nothing. */
const untouched = (failure: ConfigPushFailure, host: AwaitingAck['host'] | null = null): Step => [
  { kind: 'failed', failure, host, connectMs: null, mayHold: false },
  null,
];

const touched = (
  { host, connectMs }: Pick<AwaitingAck, 'host' | 'connectMs'>,
  failure: ConfigPushFailure,
  mayHold: boolean,
): Step => [{ kind: 'failed', failure, host, connectMs, mayHold }, null];
