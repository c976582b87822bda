import { z } from 'zod';

const message = z.string();

/** The phase a host was in when the deadline passed. `queued`: we had not got round to dialling it. */
export const PushPhase = z.enum(['queued', 'connecting', 'handshaking', 'awaiting_ack']);

/**
 * Why one host did not install the config (design section 7.2). The set may grow: readers keep an arm for
 * kinds that they do not know.
 */
export const ConfigPushFailure = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('SendFailed'), message, code: z.string() }),
  /** No host is to blame. `own_limit`: the API ran out of something itself. */
  z.object({ kind: z.literal('CastFailed'), message, code: z.literal('own_limit').optional() }),
  z.object({ kind: z.literal('ReplyTimedOut'), message, phase: PushPhase, afterMs: z.number() }),
  z.object({ kind: z.literal('ReplyChannelClosed'), message, code: z.string() }),
  z.object({ kind: z.literal('Rejected'), message, code: z.string(), keys: z.array(z.string()).optional() }),
  z.object({ kind: z.literal('DigestMismatch'), message, expected: z.string(), actual: z.string() }),
  z.object({ kind: z.literal('Cancelled'), message }),
  /** The API stopped before this host's result was recorded. */
  z.object({ kind: z.literal('Interrupted'), message }),
]);
export type ConfigPushFailure = z.infer<typeof ConfigPushFailure>;
/** The tag of a failure. */
export type ConfigPushFailureKind = ConfigPushFailure['kind'];

/** Every kind of failure that this version knows. */
export const configPushFailureKinds = ConfigPushFailure.options.map((option) => option.shape.kind.value);
