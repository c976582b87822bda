import type { Proc, ProcFailure, ProcTransition } from '@hostmesh/contract';
import {
  afterEndOf,
  dialHalf,
  type EndCounts,
  isTerminated,
  noEnds,
  parseAddress,
  parseResourceId,
  pointOfRank,
  printEntityAddress,
  printPoint,
  type Status,
  type StatusKind,
  statusKinds,
} from '@hostmesh/core';
import { groupFailures } from '@hostmesh/db';
import type {
  FormerEndRecord,
  ProcCountsRecord,
  ProcFailureGroupRecord,
  ProcFailureRecord,
  ProcRecord,
  ProcTransitionRecord,
  ProcTransitionRow,
} from '@hostmesh/db';
import type { KnownEnd, KnownEnds, KnownProc, ProcChange } from '@hostmesh/host-mesh';

// A proc in its three forms: as the engine tells of it, as it is recorded, and as the API shows it.

/** A change of a proc as it is recorded. */
export function transitionRow(transition: ProcChange): ProcTransitionRow {
  const { report, status, source, lastHeardAt, ends } = transition;
  // How the process before ended is told by that transition, and apart from the status by one of its successor. Of a proc
  // that was not ready in time its last run is all there is to tell.
  const hasRun = isTerminated(status) && transition.end !== 'lost';
  return {
    rank: transition.rank,
    generation: transition.generation,
    source,
    status: status.kind,
    statusText: transition.text,
    cause: report?.cause ?? null,
    startFault: isTerminated(status) ? (report?.startFault ?? null) : null,
    // Of a proc that nobody hears of it is not known what runs.
    leftover: isTerminated(status) ? (report?.leftover ?? 0) : 0,
    exitCode: hasRun ? (ends.last?.exitCode ?? null) : null,
    signal: hasRun ? (ends.last?.signal ?? null) : null,
    endedBy: report?.endedBy ?? null,
    end: transition.end,
    pid: report?.pid ?? null,
    at: new Date(transition.since),
    heardAt: source === 'host' && lastHeardAt !== null ? new Date(lastHeardAt) : null,
    startedAt: dateOf(report?.startedAt),
    restarts: ends.restarts,
    // A proc that nobody hears of is not known to be restarted.
    nextRestartAt: isTerminated(status) ? dateOf(report?.restarts.nextAt) : null,
    stderrTail: (hasRun ? ends.last?.stderrTail : report?.stderrTail) ?? [],
    formerEnd: formerEndRecord(ends.former),
    configDigest: report?.configDigest ?? null,
    adopted: report?.adopted ?? false,
  };
}

const formerEndRecord = (end: KnownEnd | null): FormerEndRecord | null =>
  end && { ...end, at: new Date(end.at).toISOString(), stderrTail: [...end.stderrTail] };

const dateOf = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : new Date(ms));

/** A proc after a change of it. */
export function changedProc(proc: ProcRecord, row: ProcTransitionRow): ProcRecord {
  const { at, heardAt, source: _source, ...changed } = row;
  return {
    ...proc,
    ...changed,
    stderrTail: [...row.stderrTail],
    configDigest: row.configDigest ?? proc.configDigest,
    since: at,
    lastHeardAt: heardAt ?? proc.lastHeardAt,
  };
}

/** A proc as it was recorded, for the engine to go on with. */
export const knownProc = (proc: ProcRecord): KnownProc => ({
  rank: proc.rank,
  hostRank: proc.hostRank,
  procId: proc.id,
  status: statusOf(proc),
  text: proc.statusText,
  generation: proc.generation,
  since: proc.since.getTime(),
  lastHeardAt: proc.lastHeardAt?.getTime() ?? null,
  end: proc.end,
  ends: endsOf(proc),
});

/** How its last runs ended, as far as it was recorded. */
function endsOf(proc: ProcRecord): KnownEnds {
  const former = proc.formerEnd && { ...proc.formerEnd, at: Date.parse(proc.formerEnd.at) };
  const { statusText: text, exitCode, signal, stderrTail, since } = proc;
  const own = { text, exitCode, signal, stderrTail, at: since.getTime() };
  const hasEnded = proc.status === 'Stopped' || proc.status === 'Failed';
  return { last: hasEnded ? own : former, former, restarts: proc.restarts };
}

function statusOf({ status, statusText }: ProcRecord): Status {
  if (status === 'Failed') return { kind: status, reason: statusText };
  // How long was waited is in the text.
  return status === 'Timeout' ? { kind: status, afterMs: 0 } : { kind: status };
}

/** How many procs have which status, and of how many something is still to come after their end. */
export function countProcs(procs: readonly ProcRecord[]): ProcCountsRecord {
  const counts = { total: procs.length, ...none(), restarting: 0, lingering: 0 };
  for (const proc of procs) {
    const afterEnd = afterEndOf(proc);
    counts[proc.status] += 1;
    if (afterEnd !== null) counts[afterEnd] += 1;
  }
  return counts;
}

/** How many procs ended for good in which way. */
export function countEnds(procs: readonly Pick<ProcRecord, 'end'>[]): EndCounts {
  const counts = { ...noEnds };
  for (const { end } of procs) if (end !== null) counts[end] += 1;
  return counts;
}

// Every kind is a key.
const none = () =>
  // Object.fromEntries forgets that every kind is there.
  Object.fromEntries(statusKinds.map((kind) => [kind, 0])) as Record<StatusKind, number>;

/** Procs that failed, or were stopped as orphans, by cause, the most frequent first: as the database groups them. */
export const procFailureGroups = (procs: readonly ProcRecord[]): ProcFailureGroupRecord[] =>
  groupFailures(
    procs.filter(({ status, cause }) => status === 'Failed' || status === 'Timeout' || cause === 'orphaned'),
  );

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
    startFault: proc.startFault,
    leftover: proc.leftover,
    exitCode: proc.exitCode,
    signal: proc.signal,
    endedBy: proc.endedBy,
    end: proc.end,
    generation: proc.generation,
    since: proc.since.toISOString(),
    lastHeardAt: proc.lastHeardAt?.toISOString() ?? null,
    startedAt: proc.startedAt?.toISOString() ?? null,
    restarts: proc.restarts,
    nextRestartAt: proc.nextRestartAt?.toISOString() ?? null,
    stderrTail: [...proc.stderrTail],
    configDigest: proc.configDigest,
    formerEnd: proc.formerEnd,
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
  startFault: proc.startFault,
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
