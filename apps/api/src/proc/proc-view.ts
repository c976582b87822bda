import type { Proc, ProcFailure, ProcTransition } from '@hostmesh/contract';
import {
  dialHalf,
  parseAddress,
  parseResourceId,
  pointOfRank,
  printEntityAddress,
  printPoint,
} from '@hostmesh/core';
import type { ProcFailureRecord, ProcRecord, ProcTransitionRecord } from '@hostmesh/db';

/** A proc as the API shows it. */
export function procView(proc: ProcRecord): Proc {
  const point = pointOfRank(proc.extent, proc.rank);
  return {
    id: proc.id,
    procMeshId: proc.procMeshId,
    name: proc.name,
    meshId: proc.meshId,
    rank: proc.rank,
    point: point.ok ? printPoint(point.value) : '',
    hostRank: proc.hostRank,
    hostId: proc.hostId,
    hostAddress: proc.hostAddress,
    address: addressOf(proc),
    pid: proc.pid,
    status: proc.status,
    statusText: proc.statusText,
    exitCode: proc.exitCode,
    signal: proc.signal,
    endedBy: proc.endedBy,
    generation: proc.generation,
    since: proc.since.toISOString(),
    lastHeardAt: proc.lastHeardAt?.toISOString() ?? null,
    startedAt: proc.startedAt?.toISOString() ?? null,
    restarts: proc.restarts,
    nextRestartAt: proc.nextRestartAt?.toISOString() ?? null,
    stderrTail: [...proc.stderrTail],
    adopted: proc.adopted,
  };
}

/** Reached via its own id at its host's address (reference 9.2). */
function addressOf({ id, hostAddress }: ProcRecord): string {
  const procId = parseResourceId('proc', id);
  const address = parseAddress(hostAddress);
  if (!procId.ok || !address.ok) return '';
  const location = { via: [procId.value.uid], address: dialHalf(address.value) };
  return printEntityAddress({ id: procId.value, location });
}

/** What of a proc is told where it made something fail. */
export const failureOf = (proc: ProcRecord): ProcFailureRecord => ({
  id: proc.id,
  rank: proc.rank,
  hostRank: proc.hostRank,
  hostId: proc.hostId,
  hostAddress: proc.hostAddress,
  status: proc.status,
  statusText: proc.statusText,
  exitCode: proc.exitCode,
  signal: proc.signal,
  stderrTail: proc.stderrTail,
});

/** A failing proc as the API shows it. */
export const failureView = (failure: ProcFailureRecord): ProcFailure => ({
  ...failure,
  stderrTail: [...failure.stderrTail],
});

/** A transition as the API shows it. */
export const transitionView = (transition: ProcTransitionRecord): ProcTransition => ({
  generation: transition.generation,
  at: transition.at.toISOString(),
  recordedAt: transition.recordedAt.toISOString(),
  status: transition.status,
  statusText: transition.statusText,
  source: transition.source,
  pid: transition.pid,
  exitCode: transition.exitCode,
  signal: transition.signal,
  cause: transition.cause,
});
