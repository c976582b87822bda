import type { Proc, ProcDetail, ProcMeshView } from '@hostmesh/contract';
import { withData } from './fold.ts';
import type { View } from './views.ts';

/** As many procs of all meshes as a list keeps; older ones are found through their proc mesh. */
export const MAX_ALL_PROCS = 5000;

/** A proc mesh that has ended stays so, and one whose spawn is over never spawns again. */
export function newerProcMesh(known: ProcMeshView, told: ProcMeshView): ProcMeshView {
  if (known.state === 'stopped' && told.state !== 'stopped') return known;
  return known.state !== 'spawning' && told.state === 'spawning' ? known : told;
}

/**
 * Of two reports of a proc the one with the higher generation. The controller's own conclusions (unreachable, heard
 * again) carry the generation of the host's last report: of two with the same generation the later one wins.
 */
const newerProc = <P extends Pick<Proc, 'generation'>>(known: P, told: P): P =>
  told.generation < known.generation ? known : told;

/** Folds changed procs of a proc mesh into a view. */
export function applyProcs(view: View, procMeshId: string, told: readonly Proc[]): View {
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
  a.nextRestartAt === b.nextRestartAt;
