import { isTerminated, type EndKind, type Extent, type ProcMeshId, type Status } from '@hostmesh/core';
import type { KnownEnds } from './known-end.ts';
import type { ProcView } from './proc-view.ts';

/** A proc as it was recorded last, before those who watched it went away. */
export interface KnownProc {
  readonly rank: number;
  readonly hostRank: number;
  readonly procId: string;
  readonly status: Status;
  readonly text: string;
  /** Of the last report that was recorded; 0 when there was none. */
  readonly generation: number;
  readonly since: number;
  readonly lastHeardAt: number | null;
  /** How it ended for good; null while it may run, or run again. */
  readonly end: EndKind | null;
  /** How its last runs ended. */
  readonly ends: KnownEnds;
}

/** A proc mesh that runs on hosts already, as it was recorded. Times are milliseconds, those of procs since 1970. */
export interface KnownProcMesh {
  readonly id: ProcMeshId;
  readonly name: string;
  /** Hosts' extent and per-host extent together. */
  readonly extent: Extent;
  readonly slotsPerHost: number;
  readonly ttlMs: number | null;
  /** The limit of its restart policy, for texts. */
  readonly restartLimit: number;
  readonly repairs: number;
  /** In the order of ranks, complete. */
  readonly procs: readonly KnownProc[];
}

/** The view of a proc of which nothing is known yet but what was recorded. */
export function recordedView(proc: KnownProc): ProcView {
  const { status, text, generation, since, lastHeardAt: heardAt, end, ends } = proc;
  if (generation === 0 && !isTerminated(status)) {
    return status.kind === 'Unknown'
      ? { kind: 'silent', last: null, since, why: 'silent' }
      : { kind: 'awaited', since };
  }
  const last = { status, text, generation, since, end, ends, heardAt, report: null };
  return status.kind === 'Unknown'
    ? { kind: 'silent', last, since, why: 'silent' }
    : { kind: 'heard', last, again: null };
}
