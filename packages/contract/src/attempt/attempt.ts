import { z } from 'zod';
import { ConfigPushFailure } from './config-push-failure.ts';
import { Ends, HostsInUse } from '../ends.ts';
import { DurationText, pageOf, Timestamp } from '../fields.ts';

/**
 * - `running`: hosts are being contacted
 * - `attached`: every host acknowledged the digest that was sent, and every acknowledgement is recorded
 * - `failed`: at least one host did not install the config; the others were asked to restore
 * - `cancelled`: the operator stopped it
 * - `interrupted`: the API stopped while it ran; what hosts did after that is not known
 */
export const attemptStates = ['running', 'attached', 'failed', 'cancelled', 'interrupted'] as const;
/** How an attempt stands. */
export const AttemptState = z.enum(attemptStates);
export type AttemptState = z.infer<typeof AttemptState>;

/**
 * `attach` makes a mesh when it succeeds; `push` sends the config again to a mesh that exists; `heal` is the console's own: it sends
 * what the mesh was last given to hosts that have lost it, each for itself, so that nothing is restored where some fail.
 */
export const AttemptKind = z.enum(['attach', 'push', 'heal']);
export type AttemptKind = z.infer<typeof AttemptKind>;

/** How far one host got: design section 7.1. `installed` and `failed` are final. */
export const hostStates = ['queued', 'connecting', 'awaiting_ack', 'installed', 'failed'] as const;
/** How far one host got. */
export const HostState = z.enum(hostStates);
export type HostState = z.infer<typeof HostState>;

/**
 * What became of the snapshot on a host after a failed attempt (design section 7.3).
 * - `pending`: asked, no answer yet
 * - `restored`: the host has again what it had before
 * - `not_needed`: the host had not installed it
 * - `residue`: it may still hold the failed attempt's config; `reason` says why we cannot tell or change it
 */
export const Restore = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pending') }),
  z.object({
    kind: z.literal('restored'),
    /** True when the host had installed the snapshot although we had not heard so by the deadline. */
    lateInstall: z.boolean(),
  }),
  z.object({ kind: z.literal('not_needed') }),
  z.object({ kind: z.literal('residue'), reason: z.string() }),
]);
export type Restore = z.infer<typeof Restore>;

/** A host that failed, and why. */
export const HostFailure = z.object({
  rank: z.int(),
  address: z.string(),
  hostId: z.string().nullable(),
  failure: ConfigPushFailure,
});
export type HostFailure = z.infer<typeof HostFailure>;

/** A key whose pushed value does not take effect on this host, and the layer that wins there. */
export const ShadowedKey = z.object({ key: z.string(), layer: z.string() });
export type ShadowedKey = z.infer<typeof ShadowedKey>;

/** One row of `GET /attach-attempts/{id}/hosts`. */
export const HostResult = z.object({
  rank: z.int(),
  address: z.string(),
  hostId: z.string().nullable(),
  state: HostState,
  failure: ConfigPushFailure.nullable(),
  restore: Restore.nullable(),
  connectMs: z.number().nullable(),
  ackMs: z.number().nullable(),
  shadowedKeys: z.array(ShadowedKey),
  /** Keys of the snapshot that the host's agent does not know; it keeps them without using them. */
  unknownKeys: z.array(z.string()),
  /** Label of another client whose config this push replaced, if there was one. */
  tookOverFrom: z.string().nullable(),
  agentVersion: z.string().nullable(),
});
export type HostResult = z.infer<typeof HostResult>;
/** `GET /attach-attempts/{id}/hosts`, by rank. */
export const HostResultList = pageOf(HostResult);

/**
 * How many hosts of an attempt stand where: `installed`, `failed` and `pending` add up to `total`. After a failure `restoring`,
 * `restored` and `residue` count what became of the config that was sent; of those that are `restoring` it is not known yet.
 */
export const AttemptCounts = z.object({
  total: z.int(),
  installed: z.int(),
  failed: z.int(),
  pending: z.int(),
  restoring: z.int(),
  restored: z.int(),
  residue: z.int(),
  /** Among the installed: hosts on which some key of it has no effect. */
  withoutEffect: z.int(),
  /** As many such keys as one host has at most. */
  keysWithoutEffect: z.int(),
});
export type AttemptCounts = z.infer<typeof AttemptCounts>;

/** How many hosts failed with one cause: what a person reads first. `code` is null for kinds without one, and no host is
 * named where none is to blame. */
export const FailureGroup = z.object({
  kind: z.string(),
  code: z.string().nullable(),
  message: z.string(),
  count: z.int(),
  firstAddress: z.string().nullable(),
});
export type FailureGroup = z.infer<typeof FailureGroup>;

/** Hosts of its parent that an attempt goes without. */
export const LeftOut = z.object({
  total: z.int(),
  hosts: z.array(z.object({ rank: z.int(), address: z.string() })),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** One run of an attach or of a config push, with its failing hosts. */
export const Attempt = z.object({
  id: z.string(),
  kind: AttemptKind,
  mesh: z.string(),
  meshId: z.string().nullable(),
  state: AttemptState,
  counts: AttemptCounts,
  configDigest: z.string(),
  timeout: DurationText,
  waitForHosts: DurationText,
  parentId: z.string().nullable(),
  retryIds: z.array(z.string()),
  /** Hosts of the parent that it goes without, by their ranks there: the first 50, and how many. */
  leftOut: LeftOut.nullable(),
  /** What ended with the mesh whose place it took. */
  ended: Ends.nullable(),
  /** From which other meshes it took hosts over. */
  tookOver: HostsInUse.nullable(),
  requestedBy: z.string(),
  startedAt: Timestamp,
  /** When the verdict fell: from then on `state` stays. */
  decidedAt: Timestamp.nullable(),
  /** When all was known, what became of every host that had to be restored included; null as long as it is not. */
  finishedAt: Timestamp.nullable(),
  /** How long the verdict took. */
  durationMs: z.number().nullable(),
  /** One sentence for people, made from the counts. */
  summary: z.string(),
  /** Failing hosts in rank order, complete up to 100; all of them are on the hosts route. */
  failures: z.array(HostFailure),
  failuresTruncated: z.boolean().optional(),
  failureGroups: z.array(FailureGroup),
});
export type Attempt = z.infer<typeof Attempt>;

/** In lists: the attempt without its failing hosts. */
export const AttemptSummary = Attempt.omit({
  failures: true,
  failuresTruncated: true,
  failureGroups: true,
  leftOut: true,
  ended: true,
  tookOver: true,
});
export type AttemptSummary = z.infer<typeof AttemptSummary>;
/** `GET /attach-attempts`, newest first. */
export const AttemptList = pageOf(AttemptSummary);

/** How many failing hosts an attempt carries inline. */
export const MAX_INLINE_FAILURES = 100;
