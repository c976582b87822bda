import { z } from 'zod';
import { AttemptSummary } from './attempt/attempt.ts';
import { PageQuery, pageOf, Timestamp } from './fields.ts';

/**
 * - `attached`: we own it and watch its hosts
 * - `stopping`: a stop or shutdown is on its way to the hosts
 * - `stopped`: given back; hosts and their agents keep running
 * - `shut_down`: every host was told to leave service
 * - `replaced`: a later attach of the same name took its place
 */
export const meshStates = ['attached', 'stopping', 'stopped', 'shut_down', 'replaced'] as const;
/** How a mesh stands. */
export const MeshState = z.enum(meshStates);
export type MeshState = z.infer<typeof MeshState>;

/**
 * What we know of a host of an attached mesh, never better than the last thing heard.
 * - `connecting`: not heard yet since the API started
 * - `healthy`: heard within the last heartbeats, and it holds the mesh's config
 * - `config_lost`: reachable, but its installed config is not this mesh's (restart, or another client)
 * - `unreachable`: not heard for longer than the heartbeats allow; `lastHeardAt` says since when
 * - `released`: the mesh no longer watches it
 */
export const hostHealths = ['connecting', 'healthy', 'config_lost', 'unreachable', 'released'] as const;
/** What we know of a host. */
export const HostHealth = z.enum(hostHealths);
export type HostHealth = z.infer<typeof HostHealth>;

/** How many hosts have which health; they add up to `total`. */
export const HealthCounts = z.object({
  total: z.int(),
  connecting: z.int(),
  healthy: z.int(),
  configLost: z.int(),
  unreachable: z.int(),
  released: z.int(),
});
export type HealthCounts = z.infer<typeof HealthCounts>;

/** A host mesh that an attach has made. */
export const Mesh = z.object({
  id: z.string(),
  name: z.string(),
  state: MeshState,
  /** Text form of the mesh ref (reference section 4). */
  ref: z.string(),
  extent: z.record(z.string(), z.int()),
  configDigest: z.string(),
  hosts: HealthCounts,
  attempt: AttemptSummary.pick({ id: true, state: true, startedAt: true }),
  attachedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  /** One sentence for people, made from the counts. */
  summary: z.string(),
});
export type Mesh = z.infer<typeof Mesh>;
/** `GET /meshes`, newest first. */
export const MeshList = pageOf(Mesh);

/** One host of a mesh as last heard. */
export const MeshHost = z.object({
  rank: z.int(),
  point: z.string(),
  address: z.string(),
  hostId: z.string().nullable(),
  incarnation: z.string().nullable(),
  health: HostHealth,
  /** Why the health is not `healthy`, in words. */
  reason: z.string().nullable(),
  since: Timestamp,
  lastHeardAt: Timestamp.nullable(),
  lifecycle: z.string().nullable(),
  configDigest: z.string().nullable(),
  agentVersion: z.string().nullable(),
  hostname: z.string().nullable(),
  platform: z.string().nullable(),
  cpus: z.int().nullable(),
  memoryBytes: z.number().nullable(),
});
export type MeshHost = z.infer<typeof MeshHost>;
/** `GET /meshes/{id}/hosts`, by rank. */
export const MeshHostList = pageOf(MeshHost);

/** Filters of `GET /meshes`. */
export const MeshListQuery = PageQuery.extend({
  state: MeshState.optional(),
  q: z.string().max(200).optional(),
});
export type MeshListQuery = z.infer<typeof MeshListQuery>;

/** Filters of `GET /meshes/{id}/hosts`. */
export const MeshHostQuery = PageQuery.extend({
  health: HostHealth.optional(),
  q: z.string().max(200).optional(),
});
export type MeshHostQuery = z.infer<typeof MeshHostQuery>;

/** How ending a mesh went on one host (reference section 5.2; the outcome that the reference throws away). */
export const EndOutcome = z.object({
  rank: z.int(),
  address: z.string(),
  hostId: z.string().nullable(),
  outcome: z.enum(['done', 'refused', 'unreachable', 'timed_out']),
  message: z.string(),
});
export type EndOutcome = z.infer<typeof EndOutcome>;

/** The mesh after a stop or shutdown, and how that went on each host. */
export const EndMeshReply = z.object({ mesh: Mesh, outcomes: z.array(EndOutcome) });
export type EndMeshReply = z.infer<typeof EndMeshReply>;

/** Body of stop and shutdown. */
export const EndMeshRequest = z.strictObject({ timeout: z.string().optional() });
export type EndMeshRequest = z.infer<typeof EndMeshRequest>;
