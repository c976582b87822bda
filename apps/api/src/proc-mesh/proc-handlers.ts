import type { Proc, ProcUsage as UsageView } from '@hostmesh/contract';
import { fail, ok } from '@hostmesh/core';
import type { Meshes, ProcMeshes, ProcRecord, Procs, RankRange } from '@hostmesh/db';
import type { UsageReport } from '@hostmesh/protocol';
import { csvAnswer, wantsCsv, type CsvColumn } from '../http/csv.ts';
import { json, pageAnswer, type Handlers } from '../http/route-types.ts';
import { invalidRequest, notFound, type RouteResult, type FieldError } from '../problem/route-fault.ts';
import type { LiveProcMeshes } from './live/live-proc-meshes.ts';
import { readRanks } from '../proc/rank-selection.ts';
import { commandView, storedRequest } from '../proc/stored-request.ts';
import { procView, transitionView } from '../proc/proc-forms.ts';

type ProcRoutes = 'listMeshProcs' | 'listProcs' | 'getProc' | 'procHistory';

export interface ProcHandlerDeps {
  readonly meshes: Pick<Meshes, 'get'>;
  readonly procMeshes: ProcMeshes;
  readonly procs: Procs;
  readonly live: LiveProcMeshes;
}

/** How long a host has to say what a proc uses. */
const USAGE_TIMEOUT_MS = 1000;

/** How long the last changes of a proc mesh may take to be stored before the history of one of its procs is read. */
const CATCH_UP_MS = 1000;

/** Procs over HTTP (design section 8). */
export function procHandlers({
  meshes,
  procMeshes,
  procs,
  live,
}: ProcHandlerDeps): Pick<Handlers, ProcRoutes> {
  /** As last heard: what lives here is ahead of what is stored. */
  const latest = (proc: ProcRecord) => live.get(proc.procMeshId)?.procs[proc.rank] ?? proc;
  const view = (proc: ProcRecord) => procView(latest(proc));

  return {
    listMeshProcs: async ({ params, query, headers }) => {
      if ((await procMeshes.get(params.id)) === undefined) return notFound(`proc mesh ${params.id}`);
      const { limit, cursor, ranks, hosts, ...rest } = query;
      const selected = readSelections({ ranks, hosts });
      if (!selected.ok) return selected;
      const filter = { ...rest, ...selected.value };
      if (!wantsCsv(headers.accept)) {
        return pageAnswer(await procs.list(params.id, { ...filter, limit, cursor }), view);
      }
      return csvAnswer({
        name: `${params.id}-procs.csv`,
        columns,
        batches: procs.read(params.id, filter),
        toItem: view,
      });
    },
    listProcs: async ({ query: { mesh, ...query } }) =>
      pageAnswer(await procs.listAll({ ...query, meshId: mesh }), view),
    getProc: async ({ params }) => {
      const proc = await procs.get(params.id);
      const procMesh = proc && (await procMeshes.get(proc.procMeshId));
      if (proc === undefined || procMesh === undefined) return notFound(`proc ${params.id}`);
      const command = commandView(storedRequest(procMesh.request), proc.rank);
      const mesh = await meshes.get(proc.meshId);
      const meshConfigDigest = mesh?.configDigest ?? null;
      return json({ ...view(proc), command, usage: await usageOf(live, latest(proc)), meshConfigDigest });
    },
    procHistory: async ({ params, query }) => {
      const proc = await procs.get(params.id);
      if (proc === undefined) return notFound(`proc ${params.id}`);
      // Nobody who was told of a change may find a history without it.
      await live.get(proc.procMeshId)?.catchUp(CATCH_UP_MS);
      return pageAnswer(await procs.history(params.id, query), transitionView);
    },
  };
}

/** What it uses now; null when it does not run or its host does not answer in time. */
async function usageOf(
  live: LiveProcMeshes,
  { procMeshId, rank, status }: ProcRecord,
): Promise<UsageView | null> {
  const engine = live.get(procMeshId)?.engine ?? null;
  if (engine === null || status === 'Stopped' || status === 'Failed' || status === 'Unknown') return null;
  const usage = (await engine.usage([rank], { timeoutMs: USAGE_TIMEOUT_MS })).get(rank);
  return usage === undefined ? null : usageView(usage);
}

const usageView = ({ procId: _procId, at, ...usage }: UsageReport): UsageView => ({
  ...usage,
  at: new Date(at).toISOString(),
});

/** The selections of a query, each wrong one named. */
function readSelections(given: {
  ranks: string | undefined;
  hosts: string | undefined;
}): RouteResult<{ ranks?: RankRange[]; hostRanks?: RankRange[] }> {
  const errors: FieldError[] = [];
  const ranks = readRanks(given.ranks, 'ranks', errors);
  const hostRanks = readRanks(given.hosts, 'hosts', errors);
  if (errors.length > 0) return fail(invalidRequest(errors));
  return ok({ ...(ranks && { ranks }), ...(hostRanks && { hostRanks }) });
}

const columns: readonly CsvColumn<Proc>[] = [
  ['rank', (proc) => proc.rank],
  ['point', (proc) => proc.point],
  ['id', (proc) => proc.id],
  ['hostRank', (proc) => proc.hostRank],
  ['hostId', (proc) => proc.hostId],
  ['hostAddress', (proc) => proc.hostAddress],
  ['pid', (proc) => proc.pid],
  ['status', (proc) => proc.status],
  ['statusText', (proc) => proc.statusText],
  ['startFault', (proc) => proc.startFault],
  ['leftover', (proc) => proc.leftover],
  ['exitCode', (proc) => proc.exitCode],
  ['signal', (proc) => proc.signal],
  ['endedBy', (proc) => proc.endedBy],
  ['generation', (proc) => proc.generation],
  ['since', (proc) => proc.since],
  ['lastHeardAt', (proc) => proc.lastHeardAt],
  ['startedAt', (proc) => proc.startedAt],
  ['restarts', (proc) => proc.restarts],
  ['nextRestartAt', (proc) => proc.nextRestartAt],
  ['stderrTail', (proc) => proc.stderrTail.join('\n')],
];
