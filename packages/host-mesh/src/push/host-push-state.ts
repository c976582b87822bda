import type { AgentFault, ConnectFault, Owner, ShadowReport } from '@hostmesh/protocol';
import type { ConfigPushFailure } from './config-push-failure.ts';

/** Who answered at an address. */
interface HostIdentity {
  readonly hostId: string;
  readonly agentVersion: string;
}

/** What a host said when it had installed the snapshot. */
interface PushAcknowledgement {
  readonly digest: string;
  /** The greatest that the host has seen now. */
  readonly epoch: number;
  readonly shadowed: readonly ShadowReport[];
  readonly unknownKeys: readonly string[];
  readonly tookOverFrom: Owner | null;
}

/**
 * How far the push got on one host (design section 7.1). `installed` and `failed` are final.
 * - `queued`: nothing was done yet
 * - `connecting`: until the agent has said hello; `backing_off` between two dials of a host that still boots
 * - `awaiting_ack`: the request is on its way, so the host may install at any moment
 * - `failed`: `mayHold` tells whether the host may have installed the snapshot nevertheless
 */
export type HostPushState =
  | { readonly kind: 'queued' }
  | {
      readonly kind: 'connecting';
      readonly phase: 'dialling' | 'handshaking' | 'backing_off';
      readonly since: number;
      readonly dials: number;
      readonly lastFault: ConnectFault | null;
    }
  | {
      readonly kind: 'awaiting_ack';
      readonly host: HostIdentity;
      /** Null when the connection was open before. */
      readonly connectMs: number | null;
      readonly sentAt: number;
    }
  | {
      readonly kind: 'installed';
      readonly host: HostIdentity;
      readonly connectMs: number | null;
      readonly ackMs: number;
      readonly ack: PushAcknowledgement;
    }
  | {
      readonly kind: 'failed';
      readonly failure: ConfigPushFailure;
      readonly host: HostIdentity | null;
      readonly connectMs: number | null;
      readonly mayHold: boolean;
    };

export type HostPushKind = HostPushState['kind'];

/** What happened to the push on one host. */
export type HostPushEvent =
  /** It is this host's turn, the first or another. */
  | { readonly kind: 'dial_began' }
  /** The push cannot be started for any host. */
  | { readonly kind: 'cast_failed'; readonly message: string; readonly code?: 'own_limit' }
  | { readonly kind: 'handshake_began' }
  /** The agent said hello, on a new connection or on one that was open before. */
  | { readonly kind: 'connected'; readonly host: HostIdentity }
  /** Another address turned out to lead to the same host. */
  | { readonly kind: 'conflict'; readonly failure: ConfigPushFailure }
  /** The agent said hello, and may not be pushed to. */
  | { readonly kind: 'not_admitted'; readonly host: HostIdentity; readonly failure: ConfigPushFailure }
  /** `jitter`, in [0, 1), is used if the host is dialled again. */
  | { readonly kind: 'connect_failed'; readonly fault: ConnectFault; readonly jitter: number }
  | { readonly kind: 'acknowledged'; readonly requestId: string; readonly ack: PushAcknowledgement }
  | { readonly kind: 'refused'; readonly requestId: string; readonly fault: AgentFault }
  | { readonly kind: 'closed'; readonly code: string; readonly message: string }
  | { readonly kind: 'deadline_passed'; readonly afterMs: number }
  | { readonly kind: 'cancelled' };

/** What is to be done for a host. */
export type HostPushCommand =
  | { readonly kind: 'send' }
  | { readonly kind: 'reach_later'; readonly delayMs: number };

/** What holds for all hosts of one attempt. */
export interface PushTerms {
  /** The id of the request that every host gets; made from the epoch. */
  readonly requestId: string;
  readonly epoch: number;
  readonly digest: string;
  /** Until then a host that answers like one that still boots is dialled again. */
  readonly waitUntil: number;
}
