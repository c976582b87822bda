import type { Result } from '@hostmesh/core';
import type { CursorFault, PageRequest, RowPage } from '../database/page.ts';
import { storable } from '../database/text.ts';
import type { PrismaClient } from '../generated/client.ts';
import { findLeftHosts, type LeftHost } from './find-left-hosts.ts';
import type { ProcLeaseFault } from './change-proc-mesh.ts';
import {
  groupProcFailures,
  listAllProcs,
  listProcs,
  type AllProcsFilter,
  type ProcFilter,
} from './list-procs.ts';
import { listHistory } from './proc-history.ts';
import { appendLogs, readLogs, type OutputFilter } from './proc-logs.ts';
import {
  toProc,
  withProcMesh,
  type LogEntryRecord,
  type OpenLineRecord,
  type ProcCountsRecord,
  type ProcFailureGroupRecord,
  type ProcLogsRecord,
  type ProcRecord,
  type ProcTransitionRecord,
} from './proc-record.ts';
import { recordTransitions, touchHeard, type ProcTransitionRow } from './record-transitions.ts';

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
  list(
    procMeshId: string,
    query: ProcFilter & PageRequest,
  ): Promise<Result<RowPage<ProcRecord>, CursorFault>>;
  /** In rank order, a page at a time. */
  read(procMeshId: string, filter?: ProcFilter): AsyncGenerator<ProcRecord[]>;
  /** Of all proc meshes: the newest mesh first, its procs in rank order. */
  listAll(query: AllProcsFilter & PageRequest): Promise<Result<RowPage<ProcRecord>, CursorFault>>;
  /** Which of these ids belong to live proc meshes: a host's procs that do not are orphans. */
  findAccounted(ids: readonly string[]): Promise<Set<string>>;
  /** Hosts of meshes that have ended, where procs may still run: those of which nobody has seen the end. */
  findLeftHosts(): Promise<LeftHost[]>;
  /** Every transition of a proc, newest first. */
  history(id: string, page: PageRequest): Promise<Result<RowPage<ProcTransitionRecord>, CursorFault>>;
  /** Live procs of these hosts were heard at `at`, with nothing new. */
  touchHeard(
    procMeshId: string,
    owner: string,
    hostRanks: readonly number[],
    at: Date,
  ): Promise<Result<void, ProcLeaseFault>>;
  /** Failed procs by cause, the most frequent first, at most 20 groups of each proc mesh. */
  failureGroups(procMeshIds: readonly string[]): Promise<Map<string, ProcFailureGroupRecord[]>>;
  /** Output in any order; entries that are stored already are left alone. `open`: all that is open now, null if that is not known. */
  appendLogs(
    id: string,
    entries: readonly LogEntryRecord[],
    open: readonly OpenLineRecord[] | null,
  ): Promise<void>;
  /** Undefined when there is no such proc. */
  logs(id: string, query: OutputFilter): Promise<ProcLogsRecord | undefined>;
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
  list: (procMeshId, query) => listProcs(client, procMeshId, query).page(query),
  read: (procMeshId, filter) => listProcs(client, procMeshId, filter).read(),
  listAll: (query) => listAllProcs(client, query),
  findAccounted: async (ids) => {
    // One array for any number of ids: as an IN list they would end at 65,535 parameters.
    const rows = await client.$queryRaw<{ id: string }[]>`
      SELECT proc.id FROM "Proc" AS proc JOIN "ProcMesh" AS procs ON procs.id = proc."procMeshId"
      WHERE proc.id = ANY(${ids.map(storable)}) AND procs.state IN ('spawning', 'running', 'stopping')`;
    return new Set(rows.map(({ id }) => id));
  },
  findLeftHosts: () => findLeftHosts(client),
  history: (id, page) => listHistory(client, id, page),
  touchHeard: (procMeshId, owner, hostRanks, at) => touchHeard(client, procMeshId, owner, hostRanks, at),
  failureGroups: (procMeshIds) => groupProcFailures(client, procMeshIds),
  appendLogs: (id, entries, open) => appendLogs(client, id, entries, open),
  logs: (id, query) => readLogs(client, id, query),
  markLogEnded: async (id) => {
    await client.proc.updateMany({ where: { id }, data: { logEnded: true, logOpen: [] } });
  },
});
