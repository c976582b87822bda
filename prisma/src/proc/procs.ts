import type { Result } from '@hostmesh/core';
import type { CursorFault, Page, PageRequest } from '../database/page.ts';
import type { ProcLeaseFault } from './lease.ts';
import type { AllProcsQuery, ProcFilter } from './list.ts';
import type { LogQuery } from './logs.ts';
import type {
  LogEntryRecord,
  ProcCountsRecord,
  ProcFailureGroupRecord,
  ProcLogsRecord,
  ProcRecord,
  ProcTransitionRecord,
} from './record.ts';
import type { ProcTransitionRow } from './transition.ts';

/** Procs, every transition of theirs, and their output. */
export interface Procs {
  /**
   * Appends transitions in the order given and brings the procs to the latest of them, in one transaction; answers
   * the counts after it. Recording a batch again changes nothing.
   */
  record(
    procMeshId: string,
    owner: string,
    transitions: readonly ProcTransitionRow[],
  ): Promise<Result<ProcCountsRecord, ProcLeaseFault>>;
  get(id: string): Promise<ProcRecord | undefined>;
  /** In rank order. */
  list(procMeshId: string, query: ProcFilter & PageRequest): Promise<Result<Page<ProcRecord>, CursorFault>>;
  /** In rank order, a page at a time. */
  read(procMeshId: string, filter?: ProcFilter): AsyncGenerator<ProcRecord[]>;
  /** Of all proc meshes: the newest mesh first, its procs in rank order. */
  listAll(query: AllProcsQuery): Promise<Result<Page<ProcRecord>, CursorFault>>;
  /** Those on a host that belong to live proc meshes, ended ones included. */
  listByHostId(hostId: string): Promise<ProcRecord[]>;
  /** Which of these ids belong to live proc meshes: a host's procs that do not are orphans. */
  findAccounted(ids: readonly string[]): Promise<Set<string>>;
  /** Every transition of a proc, newest first. */
  history(id: string, page: PageRequest): Promise<Result<Page<ProcTransitionRecord>, CursorFault>>;
  /** Live procs of these hosts were heard at `at`, with nothing new. */
  touchHeard(
    procMeshId: string,
    owner: string,
    hostRanks: readonly number[],
    at: Date,
  ): Promise<Result<void, ProcLeaseFault>>;
  /** Failed procs by cause, the most frequent first, at most 20 groups of each proc mesh. */
  failureGroups(procMeshIds: readonly string[]): Promise<Map<string, ProcFailureGroupRecord[]>>;
  /** Output in any order; entries that are stored already are left alone. */
  appendLogs(id: string, entries: readonly LogEntryRecord[]): Promise<void>;
  /** Undefined when there is no such proc. */
  logs(id: string, query: LogQuery): Promise<ProcLogsRecord | undefined>;
  /** All that there was is stored, or can no longer be had. A proc that starts again takes that back by `appendLogs`. */
  markLogEnded(id: string): Promise<void>;
}
