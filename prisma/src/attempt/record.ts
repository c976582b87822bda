import type { Attempt, AttemptHost, Prisma } from '../generated/client.ts';
import type { AttemptKind, AttemptState, HostState } from '../generated/enums.ts';

/** Labelled sizes in order, as core's `Extent`. */
export interface ExtentRecord {
  labels: readonly string[];
  sizes: readonly number[];
}

/** How many hosts of an attempt are where; `pending` have no verdict yet. */
export interface AttemptCounts {
  total: number;
  installed: number;
  failed: number;
  pending: number;
  restored: number;
  residue: number;
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
  requestedBy: string;
  startedAt: Date;
  finishedAt: Date | null;
  /** When the last restore was known; null while somebody still works on the attempt. */
  settledAt: Date | null;
  leaseOwner: string;
  leaseExpiresAt: Date;
  counts: AttemptCounts;
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
  firstAddress: string;
}

/** What `toAttempt` needs besides the row. */
export const withRetries = {
  retries: { select: { id: true }, orderBy: { startedAt: 'asc' } },
} satisfies Prisma.AttemptInclude;

/** Maps a row read with `withRetries`. */
export function toAttempt(row: Attempt & { retries: { id: string }[] }): AttemptRecord {
  const { hostCount, installedCount, failedCount, restoredCount, residueCount } = row;
  return {
    id: row.id,
    kind: row.kind,
    mesh: row.mesh,
    meshId: row.meshId,
    state: row.state,
    reason: row.reason,
    timeoutMs: row.timeoutMs,
    waitForHostsMs: row.waitForHostsMs,
    extent: { labels: row.extentLabels, sizes: row.extentSizes },
    epoch: Number(row.epoch),
    configDigest: row.configDigest,
    parentId: row.parentId,
    retryIds: row.retries.map((retry) => retry.id),
    firstRanks: row.firstRanks,
    requestedBy: row.requestedBy,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    settledAt: row.settledAt,
    leaseOwner: row.leaseOwner,
    leaseExpiresAt: row.leaseExpiresAt,
    counts: {
      total: hostCount,
      installed: installedCount,
      failed: failedCount,
      pending: hostCount - installedCount - failedCount,
      restored: restoredCount,
      residue: residueCount,
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
    // Only `saveHosts` and the two endings in this folder write the column, from this very type.
    failure: row.failure as FailureRecord | null,
    restore: toRestore(row),
    connectMs: row.connectMs,
    ackMs: row.ackMs,
    // As `failure`: written from this type and from nowhere else.
    shadowedKeys: row.shadowedKeys as { key: string; layer: string }[],
    unknownKeys: row.unknownKeys,
    tookOverFrom: row.tookOverFrom,
    agentVersion: row.agentVersion,
  };
}

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
