import type { ApiEvent, Attempt, AttemptSummary, HostResult, HostState, MeshHost } from '@hostmesh/contract';
import { assertNever } from '@hostmesh/core';
import { applyProcs, newerProcMesh } from './apply-procs.ts';
import { mergeRanks, upsert, withData } from './fold.ts';
import type { View } from './views.ts';

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

/** An attempt that has ended never runs again. */
const newerAttempt = <A extends AttemptSummary>(known: A, told: A): A =>
  known.state !== 'running' && told.state === 'running' ? known : told;

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
