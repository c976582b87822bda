import type { ExtentRecord } from '../database/row-shapes.ts';
import type { Mesh, MeshHost, Prisma } from '../generated/client.ts';
import type { TakenOverRecord } from '../host-use/ends-record.ts';
import type { AttemptState, HostHealth, MeshState } from '../generated/enums.ts';

/** How many hosts of a mesh are in which health. */
export interface HealthCountsRecord {
  total: number;
  connecting: number;
  healthy: number;
  configLost: number;
  unreachable: number;
  replaced: number;
  released: number;
  /** Among all of these: hosts on which some pushed key has no effect. */
  withoutEffect: number;
  /** As many such keys as one host has at most. */
  keysWithoutEffect: number;
}

/** A pushed key that has no effect on a host: `layer` wins there, or its agent does not know the key. */
export interface KeyWithoutEffectRecord {
  key: string;
  layer: string | null;
}

/** A mesh as stored, with the attempt that configured it last. */
export interface MeshRecord {
  id: string;
  name: string;
  state: MeshState;
  /** Text form of the mesh ref (reference section 4). */
  ref: string;
  extent: ExtentRecord;
  configDigest: string;
  epoch: number;
  attempt: { id: string; state: AttemptState; startedAt: Date };
  hosts: HealthCountsRecord;
  attachedAt: Date;
  endedAt: Date | null;
  leaseOwner: string;
  leaseExpiresAt: Date;
}

/** A host of a mesh as it was last heard: the row as stored, and what a monitor saves. */
export interface MeshHostRecord {
  rank: number;
  address: string;
  /** The host that the rank is; null before it was reached, and after it was given up. */
  hostId: string | null;
  /** Who answers instead of it at its address. */
  foundHostId: string | null;
  /** How far its clock is ahead of ours at least. */
  clockOffsetMs: number | null;
  incarnation: string | null;
  health: HostHealth;
  reason: string | null;
  since: Date;
  lastHeardAt: Date | null;
  lifecycle: string | null;
  configDigest: string | null;
  withoutEffect: KeyWithoutEffectRecord[];
  agentVersion: string | null;
  hostname: string | null;
  platform: string | null;
  cpus: number | null;
  memoryBytes: number | null;
  /** How its agent tells which processes belong to a proc, for people. */
  containment: string | null;
  /** Whom its agent runs procs as, and what these can do to it, for people. */
  runsAs: string | null;
  /** By whom it was taken from this mesh: nothing is pushed to it for this mesh while it is. */
  takenOver: TakenOverRecord | null;
}

/** What `toMesh` needs besides the row. */
export const withAttempt = { attempt: { select: { id: true, state: true, startedAt: true } } } as const;

/** Maps a row read with `withAttempt`. */
export const toMesh = (row: Mesh & Pick<MeshRecord, 'attempt'>, hosts: HealthCountsRecord): MeshRecord => ({
  id: row.id,
  name: row.name,
  state: row.state,
  ref: row.ref,
  extent: { labels: row.extentLabels, sizes: row.extentSizes },
  configDigest: row.configDigest,
  epoch: Number(row.epoch),
  attempt: row.attempt,
  hosts,
  attachedAt: row.attachedAt,
  endedAt: row.endedAt,
  leaseOwner: row.leaseOwner,
  leaseExpiresAt: row.leaseExpiresAt,
});

/** What `toMeshHost` needs besides the row. */
export const withTaker = {
  takenOverBy: { select: { id: true, meshId: true, mesh: true, requestedBy: true, decidedAt: true } },
} as const;

type WithTaker = MeshHost & Prisma.MeshHostGetPayload<{ include: typeof withTaker }>;

/** Maps a row read with `withTaker`. */
export const toMeshHost = ({
  meshId: _meshId,
  takenOverById: _takenOverById,
  takenOverBy: taker,
  memoryBytes,
  ...row
}: WithTaker): MeshHostRecord => ({
  ...row,
  memoryBytes: memoryBytes === null ? null : Number(memoryBytes),
  // Written by `saveMeshHosts` and the end of an attempt alone, from this very type.
  withoutEffect: row.withoutEffect as unknown as KeyWithoutEffectRecord[],
  takenOver: taker && toTakenOver(taker),
});

/** Of an attempt, as the taker of hosts. */
export const toTakenOver = (taker: NonNullable<WithTaker['takenOverBy']>): TakenOverRecord => ({
  attemptId: taker.id,
  meshId: taker.meshId,
  mesh: taker.mesh,
  by: taker.requestedBy,
  at: taker.decidedAt,
});
