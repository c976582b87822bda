import { commandRefusals, startFaultCodes } from '@hostmesh/core';
import { z } from 'zod';
import {
  ConfigLayerName,
  Digest,
  Epoch,
  HostTime,
  InstalledConfig,
  Lifecycle,
  Owner,
  ShadowReport,
} from './common.ts';
import { ProcReport } from './proc-report.ts';
import { procResults } from './proc-request.ts';

const key = z.string().max(200);

export const DumpedEntry = z.object({
  name: key,
  key: key.nullable(),
  value: z.string(),
  default_value: z.string().nullable(),
  source: ConfigLayerName,
  changed_from_default: z.boolean(),
  env_var: key.nullable(),
  layers: z.array(z.object({ source: ConfigLayerName, value: z.string() })),
});
export type DumpedEntry = z.infer<typeof DumpedEntry>;

/** The result of a request, by `kind`; each request has exactly one kind of result. */
export const AnswerResult = z.discriminatedUnion('kind', [
  /** To `set_client_config`: `digest` is of what was really installed, computed by the agent. */
  z.object({
    kind: z.literal('client_config_set'),
    digest: Digest,
    /** The greatest that the host has seen now: that of the push, unless another client's clock is ahead. */
    epoch: Epoch,
    shadowed: z.array(ShadowReport),
    unknownKeys: z.array(key),
    /** The other client whose config was replaced, if there was one. */
    tookOverFrom: Owner.nullable(),
  }),
  /** To `restore_client_config`: whether the push had been installed, and what is installed now. */
  z.object({
    kind: z.literal('client_config_restored'),
    outcome: z.enum(['restored', 'not_needed']),
    config: InstalledConfig,
  }),
  /** To `config_dump`. */
  z.object({
    kind: z.literal('config_dumped'),
    config: InstalledConfig,
    entries: z.array(DumpedEntry),
    unknownKeys: z.array(key),
  }),
  /** To `keepalive`. Of the proc meshes that were vouched for, those that the host has no procs of. */
  z.object({
    kind: z.literal('alive'),
    time: HostTime,
    lifecycle: Lifecycle,
    config: InstalledConfig,
    unknownProcMeshes: z.array(key).optional(),
  }),
  /** To `stream_state`: `resumed` false means that what follows starts from this state, not from `after`. */
  z.object({
    kind: z.literal('streaming'),
    resumed: z.boolean(),
    seq: z.int().min(0),
    lifecycle: Lifecycle,
    config: InstalledConfig,
    /** Unless resumed: every proc of the host as of `seq`. */
    procs: z.array(ProcReport).optional(),
    /** If asked for: earlier reports of procs, oldest first, as many as the host has kept and one frame holds. */
    past: z.array(ProcReport).optional(),
  }),
  /** To `drain_host`: the procs that it ended, as they ended. */
  z.object({ kind: z.literal('drained'), procs: z.array(ProcReport).optional() }),
  /** To `shutdown_host`. */
  z.object({ kind: z.literal('shutting_down'), procs: z.array(ProcReport).optional() }),
  ...procResults,
]);
export type AnswerResult = z.infer<typeof AnswerResult>;
export type AnswerKind = AnswerResult['kind'];

/** Codes of faults that our agents answer with; others may come from newer ones. */
export const agentFaultCodes = [
  'bad_request', // the frame is no request of this protocol; `message` says what is wrong
  'unknown_request', // a request type that this agent does not have
  'invalid_config', // values of known keys that do not parse; `keys` names them
  'digest_mismatch', // `attrs` do not hash to `digest`
  'stale_epoch', // a push or restore older than what this host has seen; `epoch` says what that is
  'taken_over', // a push that was to replace only its own client's config met another's
  'disk_full', // what is to outlast the agent cannot be written; nothing has changed
  'disk_failed', // the same, for another reason
  'config_missing', // the config that these procs need is not installed
  'wrong_lifecycle', // the agent is draining or shut down
  ...commandRefusals,
  ...startFaultCodes,
  'bind_unavailable', // neither numactl nor taskset is there to bind processes with
  'too_many_procs', // more procs than an agent runs at a time
  'unknown_proc', // the host has no such proc
  'output_unreadable', // its output cannot be read now, for want of files or for a fault of the disk
  'internal', // a bug in the agent
] as const;
export type AgentFaultCode = (typeof agentFaultCodes)[number];

export const AgentFault = z.object({
  code: z.string().max(100),
  message: z.string().max(2000),
  keys: z.array(key).optional(),
  epoch: Epoch.optional(),
});
export type AgentFault = z.infer<typeof AgentFault>;

/** Exactly one per request, with the request's id. */
export const Answer = z.discriminatedUnion('ok', [
  z.object({ type: z.literal('answer'), id: z.string().max(100), ok: z.literal(true), result: AnswerResult }),
  z.object({ type: z.literal('answer'), id: z.string().max(100), ok: z.literal(false), fault: AgentFault }),
]);
export type Answer = z.infer<typeof Answer>;
