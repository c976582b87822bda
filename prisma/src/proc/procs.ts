import type { Result } from '@hostmesh/core';
import type { CursorFault, Page, PageRequest } from '../database/page.ts';
import { storable } from '../database/text.ts';
import type { PrismaClient } from '../generated/client.ts';
import { groupProcFailures } from './failures.ts';
import { touchHeard } from './heard.ts';
import { listHistory } from './history.ts';
import type { ProcLeaseFault } from './lease.ts';
import { listAllProcs, listProcs, readProcs, type AllProcsQuery, type ProcFilter } from './list.ts';
import { appendLogs, readLogs, type LogQuery } from './logs.ts';
import {
  toProc,
  withProcMesh,
  type LogEntryRecord,
  type ProcCountsRecord,
  type ProcFailureGroupRecord,
  type ProcLogsRecord,
  type ProcRecord,
  type ProcTransitionRecord,
} from './record.ts';
import { recordTransitions, type ProcTransitionRow } from './transition.ts';

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

/** The procs of a database. */
export const createProcs = (client: PrismaClient): Procs => ({
  record: (procMeshId, owner, transitions) => recordTransitions(client, procMeshId, owner, transitions),
  get: async (id) => {
    const row = await client.proc.findUnique({ where: { id }, include: withProcMesh });
    return row === null ? undefined : toProc(row);
  },
  list: (procMeshId, query) => listProcs(client, procMeshId, query),
  read: (procMeshId, filter) => readProcs(client, procMeshId, filter),
  listAll: (query) => listAllProcs(client, query),
  findAccounted: async (ids) => {
    // One array for any number of ids: as an IN list they would end at 65,535 parameters.
    const rows = await client.$queryRaw<{ id: string }[]>`
      SELECT proc.id FROM "Proc" AS proc JOIN "ProcMesh" AS procs ON procs.id = proc."procMeshId"
      WHERE proc.id = ANY(${ids.map(storable)}) AND procs.state IN ('spawning', 'running', 'stopping')`;
    return new Set(rows.map(({ id }) => id));
  },
  history: (id, page) => listHistory(client, id, page),
  touchHeard: (procMeshId, owner, hostRanks, at) => touchHeard(client, procMeshId, owner, hostRanks, at),
  failureGroups: (procMeshIds) => groupProcFailures(client, procMeshIds),
  appendLogs: (id, entries) => appendLogs(client, id, entries),
  logs: (id, query) => readLogs(client, id, query),
  markLogEnded: async (id) => {
    await client.proc.updateMany({ where: { id }, data: { logEnded: true } });
  },
});
