import type { ChangedBy } from '../database/changed-by.ts';
import type { ExtentRecord } from '../database/row-shapes.ts';
import type { Attempt, AttemptHost, Prisma } from '../generated/client.ts';
import type { EndsRecord, HostsInUseRecord } from '../host-use/ends-record.ts';
import type { AttemptKind, AttemptState, HostState } from '../generated/enums.ts';

/** How many hosts of an attempt are where; `pending` have no verdict yet. */
export interface AttemptCountsRecord {
  total: number;
  installed: number;
  failed: number;
  pending: number;
  /** Asked to restore what they had, without an answer that is recorded. */
  restoring: number;
  restored: number;
  residue: number;
  /** Installed hosts on which some key has no effect. */
  withoutEffect: number;
  /** As many such keys as one of them has at most. */
  keysWithoutEffect: number;
}

/** An attempt as stored. Counts are those of its host rows at the same moment. */
export interface AttemptRecord {
  id: string;
  kind: AttemptKind;
  mesh: string;
  meshId: string | null;
  state: AttemptState;
  /** Why it ended when its hosts do not tell. */
  reason: string | null;
  timeoutMs: number;
  waitForHostsMs: number;
  extent: ExtentRecord;
  epoch: number;
  configDigest: string;
  parentId: string | null;
  /** Attempts that retry this one, oldest first. */
  retryIds: string[];
  firstRanks: number[];
  /** It may take the place of a mesh of its name with other hosts. */
  replace: boolean;
  /** It may take hosts over from other live meshes. */
  takeOver: boolean;
  /** What ended with the mesh whose place it took. */
  ended: EndsRecord | null;
  /** From which live meshes it took hosts over. */
  tookOver: HostsInUseRecord | null;
  leftOut: LeftOutRecord | null;
  requestedBy: string;
  startedAt: Date;
  /** When its state became what it is for good. */
  decidedAt: Date | null;
  /** When the last restore was known; null while somebody still works on the attempt. */
  settledAt: Date | null;
  leaseOwner: string;
  leaseExpiresAt: Date;
  counts: AttemptCountsRecord;
}

/** Hosts of its parent that an attempt goes without: the first of them, and how many. */
export interface LeftOutRecord {
  total: number;
  hosts: { rank: number; address: string }[];
}

/** A ConfigPushFailure of the contract (design 7.2), stored as it is; only `kind`, `message` and `code` are read here. */
export type FailureRecord = { readonly kind: string; readonly message: string; readonly code?: string };

/** What became of the snapshot on a host after a failed attempt (design 7.3). */
export type RestoreRecord =
  | { kind: 'pending' }
  | { kind: 'restored'; lateInstall: boolean }
  | { kind: 'not_needed' }
  | { kind: 'residue'; reason: string };

/** What one host did in an attempt: the row as stored, and what a caller saves. */
export interface AttemptHostRecord {
  rank: number;
  address: string;
  hostId: string | null;
  state: HostState;
  /** Set exactly when `state` is `failed`. */
  failure: FailureRecord | null;
  restore: RestoreRecord | null;
  connectMs: number | null;
  ackMs: number | null;
  shadowedKeys: readonly { key: string; layer: string }[];
  unknownKeys: readonly string[];
  tookOverFrom: string | null;
  agentVersion: string | null;
}

/** How many hosts failed with one cause, and the first of them. */
export interface FailureGroupRecord {
  kind: string;
  code: string | null;
  message: string;
  count: number;
  /** Null where no host is to blame. */
  firstAddress: string | null;
}

/** What `toAttempt` needs besides the row. */
export const withRetries = {
  retries: { select: { id: true }, orderBy: { startedAt: 'asc' } },
} satisfies Prisma.AttemptInclude;

/** Maps a row read with `withRetries`. */
export function toAttempt(row: Attempt & { retries: { id: string }[] }): AttemptRecord {
  const { hostCount, installedCount, failedCount, restoringCount, restoredCount, residueCount } = row;
  return {
    id: row.id,
    kind: row.kind,
    mesh: row.mesh,
    meshId: row.meshId,
    state: row.state,
    reason: row.reason,
    timeoutMs: Number(row.timeoutMs),
    waitForHostsMs: Number(row.waitForHostsMs),
    extent: { labels: row.extentLabels, sizes: row.extentSizes },
    epoch: Number(row.epoch),
    configDigest: row.configDigest,
    parentId: row.parentId,
    retryIds: row.retries.map((retry) => retry.id),
    firstRanks: row.firstRanks,
    replace: row.replace,
    takeOver: row.takeOver,
    // Written by `finishAttached` and `create` alone, from these very types.
    ended: row.ended as EndsRecord | null,
    tookOver: row.tookOver as HostsInUseRecord | null,
    leftOut: row.leftOut as LeftOutRecord | null,
    requestedBy: row.requestedBy,
    startedAt: row.startedAt,
    decidedAt: row.decidedAt,
    settledAt: row.settledAt,
    leaseOwner: row.leaseOwner,
    leaseExpiresAt: row.leaseExpiresAt,
    counts: {
      total: hostCount,
      installed: installedCount,
      failed: failedCount,
      pending: hostCount - installedCount - failedCount,
      restoring: restoringCount,
      restored: restoredCount,
      residue: residueCount,
      withoutEffect: row.withoutEffectCount,
      keysWithoutEffect: row.keysWithoutEffect,
    },
  };
}

/** Maps a host row. */
export function toAttemptHost(row: AttemptHost): AttemptHostRecord {
  return {
    rank: row.rank,
    address: row.address,
    hostId: row.hostId,
    state: row.state,
    failure: row.failure === null ? null : readFailure(row.failure),
    restore: toRestore(row),
    connectMs: row.connectMs,
    ackMs: row.ackMs,
    shadowedKeys: readShadowedKeys(row.shadowedKeys),
    unknownKeys: row.unknownKeys,
    tookOverFrom: row.tookOverFrom,
    agentVersion: row.agentVersion,
  };
}

/** Whatever its kind, which is for the caller to know: a newer replica may have written one that this one does not. */
function readFailure(value: Prisma.JsonValue): FailureRecord {
  if (!isJsonObject(value)) throw notOurs('failure', value);
  const { kind, message, code, ...rest } = value;
  if (typeof kind !== 'string' || typeof message !== 'string') throw notOurs('failure', value);
  return { ...rest, kind, message, ...(typeof code === 'string' && { code }) };
}

function readShadowedKeys(value: Prisma.JsonValue): { key: string; layer: string }[] {
  if (!Array.isArray(value)) throw notOurs('shadowedKeys', value);
  return value.map((item) => {
    const { key, layer } = isJsonObject(item) ? item : {};
    if (typeof key !== 'string' || typeof layer !== 'string') throw notOurs('shadowedKeys', value);
    return { key, layer };
  });
}

const isJsonObject = (value: Prisma.JsonValue | undefined): value is Prisma.JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const notOurs = (column: string, value: Prisma.JsonValue): Error =>
  new Error(`The column ${column} holds what nobody writes there: ${JSON.stringify(value)}`);

function toRestore(row: AttemptHost): RestoreRecord | null {
  switch (row.restore) {
    case null:
      return null;
    case 'restored':
      return { kind: 'restored', lateInstall: row.lateInstall ?? false };
    case 'residue':
      return { kind: 'residue', reason: row.restoreReason ?? '' };
    case 'pending':
    case 'not_needed':
      return { kind: row.restore };
  }
}

/** The columns that hold a restore. */
export const restoreColumns = (restore: RestoreRecord | null) => ({
  restore: restore?.kind ?? null,
  restoreReason: restore?.kind === 'residue' ? restore.reason : null,
  lateInstall: restore?.kind === 'restored' ? restore.lateInstall : null,
});

/** Who asked for an attempt, and by which act. */
export const askedBy = ({
  requestedBy,
  kind,
  parentId,
}: Pick<AttemptRecord, 'requestedBy' | 'kind'> & { parentId?: string | null | undefined }): ChangedBy => ({
  by: requestedBy,
  act: (parentId ?? null) === null ? kind : 'retry',
});
