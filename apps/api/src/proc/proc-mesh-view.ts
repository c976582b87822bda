import { needsAttention, type ProcMeshView, type StopOutcome } from '@hostmesh/contract';
import { parseResourceId, printDuration, troubleOf } from '@hostmesh/core';
import type { ExtentRecord, ProcFailureGroupRecord, ProcMeshRecord, ProcRecord } from '@hostmesh/db';
import { PROC_MESH_CONTROLLER_NAME, type ProcStopOutcome } from '@hostmesh/host-mesh';
import { failureView } from './proc-forms.ts';
import { commandView, storedRequest } from './stored-request.ts';
import { summariseProcMesh } from './proc-mesh-summary.ts';

/** A proc mesh as the API shows it. */
export function procMeshView(
  record: ProcMeshRecord,
  groups: readonly ProcFailureGroupRecord[],
): ProcMeshView {
  const request = storedRequest(record.request);
  const seen = seenOf(record);
  return {
    id: record.id,
    name: record.name,
    meshId: record.meshId,
    mesh: record.mesh,
    state: record.state,
    extent: sizesOf(record.extent),
    perHost: sizesOf(record.perHost),
    command: commandView(request),
    readiness: request.readiness,
    restart: request.restart,
    keep: request.keep,
    timeout: printDuration(record.timeoutMs),
    counts: record.counts,
    ends: record.ends,
    stop: record.stop,
    needsAttention: needsAttention({
      ...record,
      residue: record.residueCount,
      failures: record.failures.map(failureView),
      seen,
    }),
    seen,
    failureGroups: failureGroupsOf(record, groups).map((group) => ({
      ...group,
      stderrTail: [...group.stderrTail],
    })),
    failures: record.failures.map(failureView),
    ...(record.failureCount > record.failures.length && { failuresTruncated: true }),
    residue: record.residueCount,
    repairs: record.repairs,
    controller: `${PROC_MESH_CONTROLLER_NAME}_${record.id}`,
    requestedBy: record.requestedBy,
    createdAt: record.createdAt.toISOString(),
    readyAt: record.readyAt?.toISOString() ?? null,
    endedAt: record.endedAt?.toISOString() ?? null,
    summary: summariseProcMesh(record, groups),
  };
}

/** Of a failed spawn, those that made it fail: by now the procs have been stopped like the others. */
const failureGroupsOf = (
  { state, failureGroups }: ProcMeshRecord,
  now: readonly ProcFailureGroupRecord[],
): readonly ProcFailureGroupRecord[] =>
  state === 'spawn_failed' && failureGroups.length > 0 ? failureGroups : now;

/** While it runs, more trouble than was seen is news. */
function seenOf({ seen, counts, endedAt }: ProcMeshRecord): ProcMeshView['seen'] {
  if (seen === null || (endedAt === null && troubleOf(counts) > seen.trouble)) return null;
  return { by: seen.by, at: seen.at.toISOString() };
}

const sizesOf = ({ labels, sizes }: ExtentRecord) =>
  Object.fromEntries(labels.map((label, index) => [label, sizes[index] ?? 0]));

/** How a stop went for a proc, as the API shows it. */
export const outcomeView = (outcome: ProcStopOutcome, proc: ProcRecord | undefined): StopOutcome => ({
  id: outcome.procId,
  rank: outcome.rank,
  hostRank: outcome.hostRank,
  hostAddress: proc?.hostAddress ?? '',
  endedBy: outcome.endedBy,
  outcome: outcome.outcome,
  message: outcome.message,
});

/** The id of a proc mesh that is stored. */
export function procMeshIdOf(text: string) {
  const id = parseResourceId('proc', text);
  if (!id.ok) throw new Error(`proc mesh id ${text}: ${id.fault.message}`);
  return id.value;
}
