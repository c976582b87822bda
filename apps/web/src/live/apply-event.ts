import {
  isEndState,
  type ApiEvent,
  type Attempt,
  type AttemptSummary,
  type HostResult,
  type HostState,
  type MeshHost,
  type Proc,
  type ProcDetail,
  type ProcMeshView,
} from '@hostmesh/contract';
import { assertNever } from '@hostmesh/core';
import type { View } from './views.ts';

/** As many procs of all meshes as a list keeps; older ones are found through their proc mesh. */
export const MAX_ALL_PROCS = 5000;

/** What is on the screen and kept up to date. */
export type LiveCache = readonly View[];

/**
 * Folds one event into the cache. Pure; views that the event does not concern keep their identity. Records that
 * are older than what is there are ignored, so that an event that overtook an answer cannot undo it. `resync`
 * changes nothing here: it asks the caller to read again.
 */
export function applyEvent(cache: LiveCache, event: ApiEvent): LiveCache {
  return cache.map((view) => applyToView(view, event));
}

function applyToView(view: View, event: ApiEvent): View {
  switch (event.type) {
    case 'attempt.changed': {
      const { attempt } = event;
      if (view.kind === 'attempt' && view.id === attempt.id)
        return withData(view, newerAttempt(view.data, attempt));
      if (view.kind === 'attempts')
        return withData(view, upsert(view.data, summaryOf(attempt), newerAttempt));
      return view;
    }
    case 'attempt.hosts_changed':
      if (view.kind !== 'attemptHosts' || view.id !== event.attemptId) return view;
      return withData(view, mergeRanks(view.data, event.hosts, newerResult));
    case 'mesh.changed':
      if (view.kind === 'mesh' && view.id === event.mesh.id) return withData(view, event.mesh);
      if (view.kind === 'meshes')
        return withData(
          view,
          upsert(view.data, event.mesh, (_, mesh) => mesh),
        );
      return view;
    case 'mesh.hosts_changed':
      if (view.kind !== 'meshHosts' || view.id !== event.meshId) return view;
      return withData(view, mergeRanks(view.data, event.hosts, newerHost));
    case 'proc_mesh.changed':
      if (view.kind === 'procMesh' && view.id === event.procMesh.id)
        return withData(view, newerProcMesh(view.data, event.procMesh));
      if (view.kind === 'procMeshes') return withData(view, upsert(view.data, event.procMesh, newerProcMesh));
      return view;
    case 'proc_mesh.procs_changed':
      return applyProcs(view, event.procMeshId, event.procs);
    case 'resync':
      return view;
    default:
      return assertNever(event);
  }
}

/** An attempt that has ended never runs again, and of one that has finished all is known. */
const newerAttempt = <A extends AttemptSummary>(known: A, told: A): A =>
  stageOf(told) < stageOf(known) ? known : told;
const stageOf = ({ state, finishedAt }: AttemptSummary): number =>
  state === 'running' ? 0 : finishedAt === null ? 1 : 2;

const progress: Record<HostState, number> = {
  queued: 0,
  connecting: 1,
  awaiting_ack: 2,
  installed: 3,
  failed: 3,
};
/** Within one attempt a host only goes forward. */
const newerResult = (known: HostResult, told: HostResult): HostResult =>
  progress[told.state] < progress[known.state] ? known : told;

const newerHost = (known: MeshHost, told: MeshHost): MeshHost =>
  Date.parse(told.since) < Date.parse(known.since) ? known : told;

function summaryOf(attempt: Attempt): AttemptSummary {
  const { failures: _failures, failuresTruncated: _truncated, failureGroups: _groups, ...summary } = attempt;
  return summary;
}

/** A proc mesh that has ended stays so, and one whose spawn is over never spawns again. */
function newerProcMesh(known: ProcMeshView, told: ProcMeshView): ProcMeshView {
  if (isEndState(known.state) && !isEndState(told.state)) return known;
  return known.state !== 'spawning' && told.state === 'spawning' ? known : told;
}

/**
 * Of two reports of a proc the one with the higher generation. The controller's own conclusions (unreachable, heard
 * again) carry the generation of the host's last report: of two with the same generation the later one wins.
 */
const newerProc = <P extends Pick<Proc, 'generation'>>(known: P, told: P): P =>
  told.generation < known.generation ? known : told;

/** Folds changed procs of a proc mesh into a view. */
function applyProcs(view: View, procMeshId: string, told: readonly Proc[]): View {
  switch (view.kind) {
    case 'procs':
      return view.id === procMeshId ? withData(view, mergeProcs(view.data, told)) : view;
    case 'allProcs':
      return withData(view, mergeAllProcs(view.data, told, view.id));
    case 'proc': {
      const proc = told.findLast(({ id }) => id === view.id);
      return proc === undefined ? view : withData(view, mergeDetail(view.data, proc));
    }
    default:
      return view;
  }
}

/**
 * `rows` in rank order with `told` in their places. Lists are dense, rank by rank, so that a change among eighty
 * thousand is put where it belongs without looking for it.
 */
function mergeProcs(rows: readonly Proc[], told: readonly Proc[]): readonly Proc[] {
  let merged: Proc[] | undefined;
  let isDense = true;
  for (const proc of told) {
    const list = merged ?? rows;
    const at =
      list[proc.rank]?.rank === proc.rank ? proc.rank : list.findIndex(({ rank }) => rank === proc.rank);
    const known = list[at];
    const newer = known === undefined ? proc : newerProc(known, proc);
    if (newer === known) continue;
    merged ??= [...rows];
    if (known === undefined) {
      merged.push(proc);
      isDense = false;
    } else merged[at] = newer;
  }
  if (merged === undefined) return rows;
  return isDense ? merged : merged.sort((a, b) => a.rank - b.rank);
}

/** Newest first. A proc whose status is no longer the one that is listed leaves the list. */
function mergeAllProcs(rows: readonly Proc[], told: readonly Proc[], status: string): readonly Proc[] {
  const isListed = (proc: Proc) => status === '' || proc.status === status;
  const byId = new Map(told.map((proc) => [proc.id, proc]));
  const kept = rows.flatMap((known) => {
    const proc = byId.get(known.id);
    if (proc === undefined) return [known];
    byId.delete(known.id);
    const newer = newerProc(known, proc);
    return isListed(newer) ? [newer] : [];
  });
  const fresh = [...byId.values()].filter(isListed);
  return [...fresh, ...kept].slice(0, MAX_ALL_PROCS);
}

function mergeDetail(known: ProcDetail, told: Proc): ProcDetail {
  if (told.generation < known.generation) return known;
  return { ...known, ...told, usage: told.pid === known.pid ? known.usage : null };
}

/**
 * What a new reading of a list makes of the one on the screen: never an older report of a proc, and the same objects
 * for procs of which nothing new is told, so that their rows need not be worked out again.
 */
export function rereadProcs(known: readonly Proc[] | undefined, read: readonly Proc[]): readonly Proc[] {
  if (known === undefined || known === read) return read;
  let byId: Map<string, Proc> | undefined;
  return read.map((told, at) => {
    // Most stay in their places.
    let before = known[at];
    if (before?.id !== told.id) {
      byId ??= new Map(known.map((proc) => [proc.id, proc]));
      before = byId.get(told.id);
    }
    if (before === undefined || before === told) return told;
    return isSame(before, told) ? before : newerProc(before, told);
  });
}

const isSame = (a: Proc, b: Proc): boolean =>
  a.generation === b.generation &&
  a.status === b.status &&
  a.statusText === b.statusText &&
  a.lastHeardAt === b.lastHeardAt &&
  a.nextRestartAt === b.nextRestartAt &&
  a.leftover === b.leftover;

/** The view with these data; the same object when they are the data it has. */
const withData = <V extends View>(view: V, data: V['data']): V =>
  data === view.data ? view : { ...view, data };

/** A list, newest first, with `item` in the place of the one with its id; an item that is not there yet goes to the front. */
function upsert<T extends { id: string }>(
  list: readonly T[],
  item: T,
  newer: (known: T, told: T) => T,
): readonly T[] {
  const at = list.findIndex((known) => known.id === item.id);
  const known = list[at];
  return known === undefined ? [item, ...list] : list.with(at, newer(known, item));
}

/** `rows`, in rank order, with those of `told` in their places; ranks that are new are put where they belong. */
function mergeRanks<T extends { rank: number }>(
  rows: readonly T[],
  told: readonly T[],
  newer: (known: T, told: T) => T,
): readonly T[] {
  if (told.length === 0) return rows;
  const byRank = new Map(told.map((row) => [row.rank, row]));
  const merged = rows.map((known) => {
    const row = byRank.get(known.rank);
    byRank.delete(known.rank);
    return row === undefined ? known : newer(known, row);
  });
  if (byRank.size === 0) return merged;
  return [...merged, ...byRank.values()].sort((a, b) => a.rank - b.rank);
}
