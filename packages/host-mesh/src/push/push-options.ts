import type { Fault } from '@hostmesh/core';
import type { ConfigSnapshot } from '@hostmesh/core/snapshot';
import type { Owner, Transport } from '@hostmesh/protocol';
import type { Clock } from '../clock/clock.ts';
import type { ConfigPushError } from './config-push-error.ts';
import type { ConfigPushFailure, RankedClaimant } from './config-push-failure.ts';
import type { HostChange, PushReport } from './push-report.ts';

/** What one push sends, and how long it may take. All durations in milliseconds. */
export interface PushOptions {
  readonly transport: Transport;
  readonly snapshot: ConfigSnapshot;
  readonly owner: Owner;
  /** From an `EpochSource`: what the push is known by. Hosts that tell of a greater one are told that it comes after that. */
  readonly epoch: number;
  /** Total deadline of the push; the snapshot's `MESH_ATTACH_CONFIG_TIMEOUT` when absent. */
  readonly timeoutMs?: number;
  /**
   * How long to go on dialling hosts that answer like one that still boots; 0 when absent. This phase has a
   * deadline of its own: the push deadline starts when no host is waited for any more, so that the verdict
   * comes after `waitForHostsMs + timeoutMs` at the latest.
   */
  readonly waitForHostsMs?: number;
  /** How many connections are being opened at a time; 1024 when absent. */
  readonly concurrency?: number;
  /** Cancels the push: hosts that have not installed fail with `Cancelled`, the others are restored. */
  readonly signal?: AbortSignal;
  /**
   * Ranks to push to first. The others are dialled only when all of these have installed, and otherwise stay
   * `queued`: neither failed nor named.
   */
  readonly first?: readonly number[];
  /**
   * The hosts have lost what is sent: each is for itself, so that nothing is restored where others fail, and one that holds
   * somebody else's config by now refuses.
   */
  readonly healing?: boolean;
  /** With `healing`: host meshes of ours that have ended, whose config is replaced, too. */
  readonly abandoned?: readonly string[];
  /**
   * Asked of every host that has said hello, before anything is sent to it: why it may not be pushed to, or null. Such a
   * host fails with that, and has been sent nothing.
   */
  readonly admit?: ((host: RankedClaimant) => ConfigPushFailure | null) | undefined;
  /** Whether a later push to the same hosts has begun, which is not to be undone by what this one has heard of it. */
  readonly isOvertaken?: () => boolean;
  /**
   * Called at most once per turn of the event loop with all hosts that changed in it, until `cleanup` settles.
   * What it throws is not caught.
   */
  readonly onProgress?: (changes: readonly HostChange[]) => void;
  /** For tests; the system's clock when absent. */
  readonly clock?: Clock;
  /** For tests; in [0, 1). */
  readonly random?: () => number;
}

/**
 * The push failed on at least one host, or was cancelled, and hosts that may hold its config are being asked to
 * restore what they had before (design section 7.3).
 */
export interface PushFault extends Fault<'config_push_failed' | 'cancelled'> {
  readonly error: ConfigPushError;
  /** As of now: restores that are not known yet are `pending`. */
  readonly report: PushReport;
  /** Settles when every restore is known: 5 s after the verdict at the latest. Never rejects. */
  readonly cleanup: Promise<PushReport>;
}

/** Push options with their defaults filled in. */
export type PushSettings = PushOptions &
  Required<Pick<PushOptions, 'timeoutMs' | 'waitForHostsMs' | 'concurrency' | 'clock' | 'random'>>;
