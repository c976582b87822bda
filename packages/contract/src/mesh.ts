import { countOf, formatCount, printDuration } from '@hostmesh/core';
import { z } from 'zod';
import { AttemptSummary, type HostResult } from './attempt/attempt.ts';
import { Ends, HostsInUse, TakenOver } from './ends.ts';
import { durationIn, idIn, PageQuery, pageOf, searched, Timestamp } from './fields.ts';

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
 * - `replaced`: another agent answers at its address, `foundHostId`; of the host itself nothing is known, and it is not
 *   asked for anything until it is back, or given up
 * - `released`: the mesh no longer watches it
 */
export const hostHealths = [
  'connecting',
  'healthy',
  'config_lost',
  'unreachable',
  'replaced',
  'released',
] as const;
/** What we know of a host. */
export const HostHealth = z.enum(hostHealths);
export type HostHealth = z.infer<typeof HostHealth>;

/** How many hosts have which health; the healths add up to `total`. */
export const HealthCounts = z.object({
  total: z.int(),
  connecting: z.int(),
  healthy: z.int(),
  configLost: z.int(),
  unreachable: z.int(),
  replaced: z.int(),
  released: z.int(),
  /** Among all of these: hosts on which some pushed key has no effect, as last heard. */
  withoutEffect: z.int(),
  /** As many such keys as one host has at most. */
  keysWithoutEffect: z.int(),
});
export type HealthCounts = z.infer<typeof HealthCounts>;

/** A pushed key without effect on a host: `layer` wins there, or, when that is null, its agent does not know the key. */
export const IneffectiveKey = z.object({ key: z.string(), layer: z.string().nullable() });
export type IneffectiveKey = z.infer<typeof IneffectiveKey>;

/** For people: `A by Env, B not known to its agent`; empty when every key has its effect. */
export const keysWithoutEffectText = (keys: readonly IneffectiveKey[]): string =>
  keys
    .map(({ key, layer }) => `${key} ${layer === null ? 'not known to its agent' : `by ${layer}`}`)
    .join(', ');

/** Those of a push that have no effect on a host that it was sent to. */
export const ineffectiveKeys = ({
  shadowedKeys,
  unknownKeys,
}: Pick<HostResult, 'shadowedKeys' | 'unknownKeys'>): IneffectiveKey[] => [
  ...shadowedKeys,
  ...unknownKeys.map((key) => ({ key, layer: null })),
];

/** `1 with 2 keys without effect`: said wherever the health of hosts is; empty when there is nothing to say. */
export function withoutEffectText({
  withoutEffect: hosts,
  keysWithoutEffect: keys,
}: Pick<HealthCounts, 'withoutEffect' | 'keysWithoutEffect'>): string {
  if (hosts === 0) return '';
  return `${formatCount(hosts)} with ${hosts > 1 && keys > 1 ? 'up to ' : ''}${countOf(keys, 'key')} without effect`;
}

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
  /** The host that the rank is; null before it was reached, and after it was given up. */
  hostId: z.string().nullable(),
  /** Who answers at its address instead: set while the health is `replaced`. */
  foundHostId: z.string().nullable(),
  /** How far its clock is ahead of the console's; negative when it is behind. Its times are shown in the console's. */
  clockOffsetMs: z.number().nullable(),
  incarnation: z.string().nullable(),
  health: HostHealth,
  /** Why the health is not `healthy`, in words. */
  reason: z.string().nullable(),
  since: Timestamp,
  lastHeardAt: Timestamp.nullable(),
  /** What its agent says of its procs (reference 8.1): `detached` means that it has none, whatever mesh it is in. */
  lifecycle: z.string().nullable(),
  configDigest: z.string().nullable(),
  /** What of the config that it holds has no effect there, as last heard. */
  withoutEffect: z.array(IneffectiveKey),
  agentVersion: z.string().nullable(),
  hostname: z.string().nullable(),
  platform: z.string().nullable(),
  cpus: z.int().nullable(),
  memoryBytes: z.number().nullable(),
  /** How its agent tells which processes belong to a proc, for people. */
  containment: z.string().nullable(),
  /** Whom its agent runs procs as, and what these can do to it, for people. */
  runsAs: z.string().nullable(),
  /** By whom it was taken from this mesh; nothing is pushed to it for this mesh while it is. */
  takenOver: TakenOver.nullable(),
});
export type MeshHost = z.infer<typeof MeshHost>;
/** Clocks that differ by no more than this are not worth a word. */
const CLOCK_MATTERS_MS = 2000;

/** In words, how the clock of a host stands against the console's; null when there is nothing to say. */
export function clockText(offsetMs: number | null): string | null {
  if (offsetMs === null || Math.abs(offsetMs) <= CLOCK_MATTERS_MS) return null;
  const size = printDuration(Math.round(Math.abs(offsetMs) / 1000) * 1000);
  return `${size} ${offsetMs > 0 ? 'ahead of' : 'behind'} the console's; its times are shown in the console's`;
}

/** `GET /meshes/{id}/hosts`, by rank. */
export const MeshHostList = pageOf(MeshHost);

/** Filters of `GET /meshes`. */
export const MeshListQuery = PageQuery.extend({
  state: MeshState.optional(),
  q: searched.optional(),
});
export type MeshListQuery = z.infer<typeof MeshListQuery>;

/** Filters of `GET /meshes/{id}/hosts`. */
export const MeshHostQuery = PageQuery.extend({
  health: HostHealth.optional(),
  /** Only hosts on which some pushed key has no effect, or only the others. */
  withoutEffect: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
  q: searched.optional(),
});
export type MeshHostQuery = z.infer<typeof MeshHostQuery>;

/** How ending a mesh went on one host (reference section 5.2; the outcome that the reference throws away). */
export const EndOutcome = z.object({
  rank: z.int(),
  address: z.string(),
  hostId: z.string().nullable(),
  outcome: z.enum(['done', 'refused', 'unreachable', 'timed_out', 'own_limit']),
  message: z.string(),
});
export type EndOutcome = z.infer<typeof EndOutcome>;

/** What ends with a mesh, told before it is ended. */
export const MeshEndPreview = z.object({
  /** What a stop ends, and a shutdown besides: with that, everything else on these hosts ends, too. */
  ends: Ends,
  /** The other live meshes that have its hosts; a shutdown ends what runs there for them. */
  others: HostsInUse.nullable(),
});
export type MeshEndPreview = z.infer<typeof MeshEndPreview>;

/** The mesh after a stop or shutdown, what ended with it, and how that went on each host. */
export const EndMeshReply = MeshEndPreview.extend({ mesh: Mesh, outcomes: z.array(EndOutcome) });
export type EndMeshReply = z.infer<typeof EndMeshReply>;

/** Body of stop and shutdown. */
export const EndMeshRequest = z.strictObject({
  timeout: durationIn.optional(),
  /** A shutdown may end what runs on its hosts for other meshes; a stop never does. */
  endOthers: z.boolean().optional(),
});
export type EndMeshRequest = z.infer<typeof EndMeshRequest>;

/** Body of `POST /meshes/{id}/hosts/{rank}/forget`. */
export const ForgetHostRequest = z.strictObject({
  /** Refuses when the rank is another host by now. */
  hostId: idIn.optional(),
  /** Says what giving it up would mean, and changes nothing. */
  dryRun: z.boolean().optional(),
});
export type ForgetHostRequest = z.infer<typeof ForgetHostRequest>;

/** What giving a host up means, or has meant. */
export const ForgetHostReply = z.object({
  /** The rank as it is now. */
  host: MeshHost,
  /** The host that is given up. */
  formerHostId: z.string(),
  /** Procs that count as lost with it, the first hundred. They may still run, and nobody looks after them. */
  procs: z.array(z.object({ id: z.string(), name: z.string(), rank: z.int(), pid: z.int().nullable() })),
  procsTotal: z.int(),
  dryRun: z.boolean(),
});
export type ForgetHostReply = z.infer<typeof ForgetHostReply>;
