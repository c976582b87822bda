import { noEnds, type AfterEnd, type EndCounts, type EndKind, type StatusKind } from '@hostmesh/core';
import type { ExtentRecord } from '../database/row-shapes.ts';
import type { Proc, ProcLog, ProcMesh, ProcTransition } from '../generated/client.ts';
import type { LogStream, ProcMeshState, TransitionSource } from '../generated/enums.ts';

/** How many procs of a mesh have which status; they add up to `total`. And of those that have ended, how many are not over. */
export type ProcCountsRecord = { total: number } & Record<StatusKind | AfterEnd, number>;

/** Who stopped procs: a stop of them by `by`, the end of their host mesh, or a host on its own account. */
export interface ProcMeshStopRecord {
  how:
    | 'requested'
    | 'mesh_stopped'
    | 'mesh_shut_down'
    | 'mesh_replaced'
    | 'orphaned'
    | 'drained'
    | 'shut_down';
  by: string | null;
}

/** How the run before the one that is shown ended. */
export interface FormerEndRecord {
  /** One clause for people. */
  text: string;
  exitCode: number | null;
  signal: string | null;
  /** RFC 3339. */
  at: string;
  stderrTail: string[];
}

/** A rank that made a spawn fail. */
export type ProcFailureRecord = Pick<
  ProcRecord,
  | 'id'
  | 'rank'
  | 'hostRank'
  | 'hostId'
  | 'hostAddress'
  | 'status'
  | 'statusText'
  | 'startFault'
  | 'exitCode'
  | 'signal'
  | 'stderrTail'
>;

/** A proc mesh as stored. Counts are those of its proc rows at the same moment. */
export interface ProcMeshRecord {
  id: string;
  name: string;
  meshId: string;
  /** Name of the host mesh. */
  mesh: string;
  state: ProcMeshState;
  /** Hosts' extent and per-host extent together. */
  extent: ExtentRecord;
  perHost: ExtentRecord;
  /** The request that it was created with, as it was given to `create`. */
  request: unknown;
  timeoutMs: number;
  counts: ProcCountsRecord;
  /** How many procs ended for good in which way. */
  ends: EndCounts;
  /** The last stop of procs of it. */
  stop: ProcMeshStopRecord | null;
  /** Who has seen what needs attention, up to so much of it; the end of the proc mesh takes that back. */
  seen: { by: string; at: Date; trouble: number } | null;
  /** At most 100, by rank; `failureCount` says how many there were. */
  failures: ProcFailureRecord[];
  failureCount: number;
  /** All failing ranks of a failed spawn by cause, as they were then. */
  failureGroups: ProcFailureGroupRecord[];
  /** Procs of a failed spawn that are not known to have ended. */
  residueCount: number;
  /** States that a re-sync had to repair. */
  repairs: number;
  requestedBy: string;
  createdAt: Date;
  readyAt: Date | null;
  endedAt: Date | null;
}

/** A proc as it was last heard, never better, with what of its mesh it is shown with. */
export interface ProcRecord {
  id: string;
  procMeshId: string;
  /** Of its proc mesh. */
  name: string;
  meshId: string;
  /** Of its proc mesh: gives the point of the rank. */
  extent: ExtentRecord;
  rank: number;
  hostRank: number;
  hostId: string | null;
  hostAddress: string;
  status: StatusKind;
  statusText: string;
  /** Why it was ended: a StopCause of core, or null. */
  cause: string | null;
  /** Why nothing could be started, by a code; null when something was. */
  startFault: string | null;
  /** Processes of it that still run although it has ended. */
  leftover: number;
  exitCode: number | null;
  signal: string | null;
  endedBy: string | null;
  /** How it ended for good; null while it may run, or run again. */
  end: EndKind | null;
  pid: number | null;
  /** Of the last report that was applied; 0 before the first. */
  generation: number;
  since: Date;
  lastHeardAt: Date | null;
  startedAt: Date | null;
  restarts: number;
  nextRestartAt: Date | null;
  stderrTail: string[];
  /** Of the config that its present or last process was started with; null: not known, or none was ever started. */
  configDigest: string | null;
  /** Null in its first run. */
  formerEnd: FormerEndRecord | null;
  adopted: boolean;
  /** The highest `seq` of its stored output. */
  logSeq: number;
  /** No more output will come. */
  logEnded: boolean;
}

/** One change of a proc's status, as it was recorded. */
export interface ProcTransitionRecord {
  generation: number;
  source: TransitionSource;
  status: StatusKind;
  statusText: string;
  cause: string | null;
  pid: number | null;
  exitCode: number | null;
  signal: string | null;
  at: Date;
  recordedAt: Date;
}

/** How many procs failed alike, and the first of them. */
export interface ProcFailureGroupRecord {
  status: StatusKind;
  statusText: string;
  /** Of the first of them, as its last lines are. */
  startFault: string | null;
  exitCode: number | null;
  signal: string | null;
  count: number;
  firstRank: number;
  stderrTail: string[];
}

/** A line of output; `seq` counts both streams of a proc from 1. */
export interface LogEntryRecord {
  seq: number;
  stream: LogStream;
  at: Date;
  text: string;
  partial: boolean;
}

/** What had been written of a line that had not ended when output was fetched last. */
export interface OpenLineRecord {
  stream: LogStream;
  at: Date;
  text: string;
}

/** Stored output: a stretch of it, and what is missing in between. */
export interface ProcLogsRecord {
  /** Oldest first. */
  entries: LogEntryRecord[];
  /** What comes after all entries that are stored. */
  open: OpenLineRecord[];
  /** Stretches within what `entries` covers that were never stored. */
  gaps: { afterSeq: number; beforeSeq: number }[];
  /** Ask on after this one. */
  lastSeq: number;
  ended: boolean;
}

/** What `toProcMesh` needs besides the row. */
export const withMesh = { mesh: { select: { name: true } } } as const;

/** Maps a row read with `withMesh`. */
export const toProcMesh = (row: ProcMesh & { mesh: { name: string } }): ProcMeshRecord => ({
  id: row.id,
  name: row.name,
  meshId: row.meshId,
  mesh: row.mesh.name,
  state: row.state,
  extent: { labels: row.extentLabels, sizes: row.extentSizes },
  perHost: { labels: row.perHostLabels, sizes: row.perHostSizes },
  request: row.request,
  timeoutMs: Number(row.timeoutMs),
  // Written by `create` and `refreshCounts` alone: counts by status, those of 0 left out.
  counts: toCounts(row.procCount, row.counts as Partial<Record<StatusKind | AfterEnd, number>>),
  // Written by `refreshProcCounts` alone: those of 0 left out.
  ends: { ...noEnds, ...(row.ends as Partial<EndCounts>) },
  // Written by those who stop alone, from this very type.
  stop: row.stop as ProcMeshStopRecord | null,
  seen:
    row.seenBy === null || row.seenAt === null
      ? null
      : { by: row.seenBy, at: row.seenAt, trouble: row.seenTrouble },
  // Written by `finishSpawn` alone, from this very type.
  failures: row.failures as ProcFailureRecord[],
  failureCount: row.failureCount,
  failureGroups: row.failureGroups as unknown as ProcFailureGroupRecord[],
  residueCount: row.residueCount,
  repairs: row.repairs,
  requestedBy: row.requestedBy,
  createdAt: row.createdAt,
  readyAt: row.readyAt,
  endedAt: row.endedAt,
});

const none: Record<StatusKind | AfterEnd, number> = {
  Unknown: 0,
  NotExist: 0,
  Initializing: 0,
  Running: 0,
  Stopping: 0,
  Stopped: 0,
  Failed: 0,
  Timeout: 0,
  restarting: 0,
  lingering: 0,
};

/** Fills in what no proc has. */
export const toCounts = (
  total: number,
  counts: Partial<Record<StatusKind | AfterEnd, number>>,
): ProcCountsRecord => ({
  total,
  ...none,
  ...counts,
});

/** What `toProc` needs besides the row. */
export const withProcMesh = {
  procMesh: { select: { name: true, meshId: true, extentLabels: true, extentSizes: true } },
} as const;

/** Maps a row read with `withProcMesh`. */
export const toProc = ({
  procMesh,
  logOpen: _logOpen,
  ...row
}: Proc & { procMesh: Pick<ProcMesh, 'name' | 'meshId' | 'extentLabels' | 'extentSizes'> }): ProcRecord => ({
  ...row,
  // Written by `recordTransitions` alone, from this very type.
  formerEnd: row.formerEnd as FormerEndRecord | null,
  name: procMesh.name,
  meshId: procMesh.meshId,
  extent: { labels: procMesh.extentLabels, sizes: procMesh.extentSizes },
});

/** Maps a transition's row. */
export const toTransition = ({ id: _id, procId: _procId, ...row }: ProcTransition): ProcTransitionRecord =>
  row;

/** Maps a row of output. */
export const toLogEntry = ({ procId: _procId, ...row }: ProcLog): LogEntryRecord => row;
