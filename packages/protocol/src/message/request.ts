import { z } from 'zod';
import { Digest, Epoch, meshIdText, Owner, PushedAttrs, requestId } from './common.ts';
import {
  CheckSpawn,
  ForgetProcs,
  GetHostProcStates,
  GetState,
  GetUsage,
  ListProcs,
  ProcMeshLease,
  ReadLogs,
  SpawnProcs,
  StopProcs,
  WaitStatus,
} from './proc-request.ts';

/** Replaces the client layer wholesale and keeps the layer before it. `attrs` must hash to `digest`. */
export const SetClientConfig = z.object({
  type: z.literal('set_client_config'),
  id: requestId,
  epoch: Epoch,
  /** The greatest epoch that its client had heard of from this host, where that is greater: the push comes after it. */
  heardEpoch: Epoch.optional(),
  owner: Owner,
  digest: Digest,
  attrs: PushedAttrs,
  /** Refused as `taken_over` where another client's config is installed, or that of another host mesh. */
  onlyOwn: z.boolean().optional(),
  /** With `onlyOwn`: host meshes of the same client that have ended, whose config may be replaced, too. */
  abandoned: z.array(meshIdText).max(1000).optional(),
});

export type SetClientConfig = z.infer<typeof SetClientConfig>;

/** Whether config of the one is that of the other, too: of one client and, where both say, of one host mesh. */
export const isSameOwner = (a: Owner, b: Owner): boolean =>
  a.clientId === b.clientId &&
  (a.hostMeshId === undefined || b.hostMeshId === undefined || a.hostMeshId === b.hostMeshId);

/** Whether what `previous` has pushed to a host may be replaced: all of it, unless the push is for its client's own alone. */
export function mayReplace(
  { onlyOwn, abandoned = [], owner }: Pick<SetClientConfig, 'onlyOwn' | 'abandoned' | 'owner'>,
  previous: Owner | null,
): boolean {
  if (onlyOwn !== true || previous === null || isSameOwner(previous, owner)) return true;
  return previous.clientId === owner.clientId && abandoned.includes(previous.hostMeshId ?? '');
}

/**
 * Undoes the push of `epoch`: the layer before it comes back. Where that push never arrived, it is refused
 * should it arrive later. Asking twice is harmless.
 */
export const RestoreClientConfig = z.object({
  type: z.literal('restore_client_config'),
  id: requestId,
  epoch: Epoch,
  /** As of the push; it may have grown since. */
  heardEpoch: Epoch.optional(),
});

/** Every declared key with all its layers; secrets redacted by the agent. */
export const ConfigDump = z.object({ type: z.literal('config_dump'), id: requestId });

/** Proves that the agent still answers, and that its client does; tells its lifecycle and installed config. */
export const Keepalive = z.object({
  type: z.literal('keepalive'),
  id: requestId,
  /** Proc meshes that the client vouches for. */
  procMeshes: z.array(ProcMeshLease).max(10_000).optional(),
});

/**
 * From now on events come on this connection. `after` is the last event that the client *applied*; without it,
 * or when the agent no longer has what follows, the answer is a full snapshot.
 */
export const StreamState = z.object({
  type: z.literal('stream_state'),
  id: requestId,
  after: z.object({ incarnation: z.string().max(100), seq: z.int().min(0) }).nullable(),
  /** A snapshot is to tell what procs were before, too. */
  withPast: z.boolean().optional(),
});

/**
 * Ends the procs of a host mesh, or all work on the host when that is null; the agent stays. Answers when they are
 * gone. Later callers join a drain that runs.
 */
export const DrainHost = z.object({
  type: z.literal('drain_host'),
  id: requestId,
  hostMeshId: meshIdText.nullable().optional(),
});

/** Drains, answers, then the agent leaves service. Later callers join; a drain that runs ends in shutdown. */
export const ShutdownHost = z.object({ type: z.literal('shutdown_host'), id: requestId });

export const AgentRequest = z.discriminatedUnion('type', [
  SetClientConfig,
  RestoreClientConfig,
  ConfigDump,
  Keepalive,
  StreamState,
  DrainHost,
  ShutdownHost,
  CheckSpawn,
  SpawnProcs,
  StopProcs,
  GetState,
  GetHostProcStates,
  WaitStatus,
  ListProcs,
  GetUsage,
  ReadLogs,
  ForgetProcs,
]);
export type AgentRequest = z.infer<typeof AgentRequest>;
export type AgentRequestType = AgentRequest['type'];
