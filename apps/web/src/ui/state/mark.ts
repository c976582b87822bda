import type {
  AttemptState,
  ConfigPushFailureKind,
  EndOutcome,
  HostHealth,
  HostResult,
  HostState,
  MeshState,
  ProcStatusName,
  Restore,
  StopOutcome,
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
  SendFailed: mark('failed', 'send failed'),
  CastFailed: mark('failed', 'not started'),
  ReplyTimedOut: mark('timeout', 'timed out'),
  ReplyChannelClosed: mark('failed', 'connection closed'),
  Rejected: mark('failed', 'rejected'),
  DigestMismatch: mark('failed', 'digest mismatch'),
  Cancelled: mark('ended', 'cancelled'),
  Interrupted: mark('unknown', 'interrupted'),
} as const satisfies Record<ConfigPushFailureKind, Mark>;

/** What became of the config that a failed attempt had installed. */
export const restoreMarks = {
  pending: mark('moving', 'restoring'),
  restored: mark('ended', 'restored'),
  not_needed: mark('absent', 'not needed'),
  residue: mark('failed', 'residue'),
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
  stopped: mark('good', 'stopped'),
  already_ended: mark('ended', 'had ended'),
  not_known: mark('absent', 'not known there'),
  unreachable: mark('unknown', 'unreachable'),
  still_running: mark('failed', 'still running'),
} as const satisfies Record<StopOutcome['outcome'], Mark>;

/** The mark of a failure; one of a kind that this version does not know is shown by the name of its kind. */
export function failureMark(failure: { readonly kind: string }): Mark {
  // A newer server may send other kinds: the table is then read with a key that it lacks.
  return (failureMarks as Partial<Record<string, Mark>>)[failure.kind] ?? mark('failed', failure.kind);
}

/**
 * The mark of one host of an attempt. A failed host shows how it failed, a timeout as a timeout; of a host that is to
 * have its earlier config back it is shown whether it has, and not that it had installed the new one.
 */
export function hostResultMark(host: Pick<HostResult, 'state' | 'failure' | 'restore'>): Mark {
  if (host.failure !== null) return failureMark(host.failure);
  if (host.restore === null || host.restore.kind === 'not_needed') return hostStateMarks[host.state];
  return host.restore.kind === 'restored' ? mark('ended', 'rolled back') : restoreMarks[host.restore.kind];
}
