import {
  failureWord,
  failureWords,
  hostResultWord,
  restoreWords,
  stopOutcomeWords,
  type AttemptState,
  type ConfigPushFailureKind,
  type EndOutcome,
  type HostHealth,
  type HostResult,
  type HostState,
  type MeshState,
  type ProcStatusName,
  type Restore,
  type StopOutcome,
} from '@hostmesh/contract';

/**
 * The eight looks that any state has. Each has its own shape, so that colour never carries the meaning alone:
 * good disc, moving ring, ending half disc, ended hollow square, failed crossed square, timeout triangle,
 * unknown dashed ring, absent dot.
 */
export const tones = ['good', 'moving', 'ending', 'ended', 'failed', 'timeout', 'unknown', 'absent'] as const;
export type Tone = (typeof tones)[number];

/** How a state is shown: its look and its word. */
export interface Mark {
  readonly tone: Tone;
  readonly word: string;
}
const mark = (tone: Tone, word: string): Mark => ({ tone, word });

/** The state of an attempt. */
export const attemptMarks = {
  running: mark('moving', 'running'),
  attached: mark('good', 'attached'),
  failed: mark('failed', 'failed'),
  cancelled: mark('ended', 'cancelled'),
  interrupted: mark('unknown', 'interrupted'),
} as const satisfies Record<AttemptState, Mark>;

/** The state of a host within an attempt. */
export const hostStateMarks = {
  queued: mark('moving', 'queued'),
  connecting: mark('moving', 'connecting'),
  awaiting_ack: mark('moving', 'awaiting ack'),
  installed: mark('good', 'installed'),
  failed: mark('failed', 'failed'),
} as const satisfies Record<HostState, Mark>;

/** The state of a mesh. */
export const meshMarks = {
  attached: mark('good', 'attached'),
  stopping: mark('ending', 'stopping'),
  stopped: mark('ended', 'stopped'),
  shut_down: mark('ended', 'shut down'),
  replaced: mark('ended', 'replaced'),
} as const satisfies Record<MeshState, Mark>;

/** How a host of a mesh is. */
export const healthMarks = {
  connecting: mark('moving', 'connecting'),
  healthy: mark('good', 'healthy'),
  config_lost: mark('failed', 'config lost'),
  unreachable: mark('unknown', 'unreachable'),
  replaced: mark('failed', 'replaced'),
  released: mark('ended', 'released'),
} as const satisfies Record<HostHealth, Mark>;

/** How a host failed. */
export const failureMarks = {
  SendFailed: mark('failed', failureWords.SendFailed),
  CastFailed: mark('failed', failureWords.CastFailed),
  ReplyTimedOut: mark('timeout', failureWords.ReplyTimedOut),
  ReplyChannelClosed: mark('failed', failureWords.ReplyChannelClosed),
  Rejected: mark('failed', failureWords.Rejected),
  DigestMismatch: mark('failed', failureWords.DigestMismatch),
  Cancelled: mark('ended', failureWords.Cancelled),
  Interrupted: mark('unknown', failureWords.Interrupted),
} as const satisfies Record<ConfigPushFailureKind, Mark>;

/** What became of the config that a failed attempt had installed. */
export const restoreMarks = {
  pending: mark('moving', restoreWords.pending),
  restored: mark('ended', restoreWords.restored),
  not_needed: mark('absent', restoreWords.not_needed),
  residue: mark('failed', restoreWords.residue),
} as const satisfies Record<Restore['kind'], Mark>;

/** How a host answered to a stop or shutdown. */
export const endOutcomeMarks = {
  done: mark('good', 'done'),
  refused: mark('failed', 'refused'),
  unreachable: mark('unknown', 'unreachable'),
  timed_out: mark('timeout', 'timed out'),
  own_limit: mark('failed', 'own limit'),
} as const satisfies Record<EndOutcome['outcome'], Mark>;

/** The eight statuses of reference 10.1 under their own names: none is ever folded into another. */
export const procMarks = {
  Running: mark('good', 'Running'),
  Initializing: mark('moving', 'Initializing'),
  Stopping: mark('ending', 'Stopping'),
  Stopped: mark('ended', 'Stopped'),
  Failed: mark('failed', 'Failed'),
  Timeout: mark('timeout', 'Timeout'),
  Unknown: mark('unknown', 'Unknown'),
  NotExist: mark('absent', 'NotExist'),
} as const satisfies Record<ProcStatusName, Mark>;

/** How a proc answered to a stop. */
export const stopOutcomeMarks = {
  stopped: mark('good', stopOutcomeWords.stopped),
  already_ended: mark('ended', stopOutcomeWords.already_ended),
  not_known: mark('absent', stopOutcomeWords.not_known),
  unreachable: mark('unknown', stopOutcomeWords.unreachable),
  still_running: mark('failed', stopOutcomeWords.still_running),
} as const satisfies Record<StopOutcome['outcome'], Mark>;

/** The mark of a failure; one of a kind that this version does not know is shown by the name of its kind. */
export const failureMark = (failure: { readonly kind: string }): Mark => ({
  tone: (failureMarks as Partial<Record<string, Mark>>)[failure.kind]?.tone ?? 'failed',
  word: failureWord(failure),
});

/** The mark of one host of an attempt: a timeout looks like a timeout, and what was rolled back not like what is installed. */
export function hostResultMark(host: Pick<HostResult, 'state' | 'failure' | 'restore'>): Mark {
  return { tone: resultTone(host), word: hostResultWord(host) };
}

function resultTone({ state, failure, restore }: Pick<HostResult, 'state' | 'failure' | 'restore'>): Tone {
  if (failure !== null) return failureMark(failure).tone;
  if (restore === null || restore.kind === 'not_needed') return hostStateMarks[state].tone;
  return restoreMarks[restore.kind].tone;
}
