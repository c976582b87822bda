import type { EndKind, Status } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import type { KnownEnds } from './known-end.ts';

/** One proc as it is known, never better than last heard. */
export interface ProcObservation {
  readonly rank: number;
  readonly hostRank: number;
  readonly procId: string;
  readonly status: Status;
  /** The status as one clause for people. */
  readonly text: string;
  /** How it ended for good; null while it may run, or run again, and where nobody knows that it was ever started. */
  readonly end: EndKind | null;
  /** How its last runs ended, whatever it is at now. */
  readonly ends: KnownEnds;
  /** The last that its host said; null before it said anything. */
  readonly report: ProcReport | null;
  /** `host`: it reported this. `controller`: we concluded it, from silence or from an answer to something else. */
  readonly source: 'host' | 'controller';
  /** Of the last report that was applied; 0 before the first. */
  readonly generation: number;
  /** Since when, in milliseconds since 1970: by the host's clock where it reported this, else by ours. */
  readonly since: number;
  /** When its host was last heard to know of it, by our clock. */
  readonly lastHeardAt: number | null;
}

/**
 * A change of one proc. Those of a proc come in the order in which they were applied; generations never go back, and
 * no two of source `host` have the same.
 */
export type ProcChange = ProcObservation;

/** Who is told of changes. Neither may throw. */
export interface ProcListeners {
  /** Every change, at most one call per turn of the event loop. */
  readonly onTransitions?: (transitions: readonly ProcChange[]) => void;
  /** In each such turn, the procs that changed as they are now. */
  readonly onChange?: (procs: readonly ProcObservation[]) => void;
}

/** Which proc it is, whatever is known of it. */
export interface ProcPlace {
  readonly rank: number;
  readonly hostRank: number;
  readonly procId: string;
}
