import { assertNever, type Status } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import { printElapsed } from '../links/phase.ts';
import { lastOf, type ProcView } from './proc-view.ts';

/** One proc as it is known, never better than last heard. */
export interface ProcObservation {
  readonly rank: number;
  readonly hostRank: number;
  readonly procId: string;
  readonly status: Status;
  /** The status as one clause for people. */
  readonly text: string;
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

/** A view as it is shown. `hostHeardAt` is when its host was last heard, if that is known. */
export function observeProc(place: ProcPlace, view: ProcView, hostHeardAt: number | null): ProcObservation {
  const last = lastOf(view);
  return {
    rank: place.rank,
    hostRank: place.hostRank,
    procId: place.procId,
    ...toldOf(view),
    report: last?.report ?? null,
    generation: last?.generation ?? 0,
    lastHeardAt: last === null ? null : latest(last.heardAt, view.kind === 'lost' ? null : hostHeardAt),
  };
}

type Told = Pick<ProcObservation, 'status' | 'text' | 'source' | 'since'>;

function toldOf(view: ProcView): Told {
  switch (view.kind) {
    case 'awaited':
      return concluded(view.since, { kind: 'NotExist' }, 'not heard of yet');
    case 'heard': {
      const { status, text, since } = view.last;
      // That the proc is unchanged after the silence of its host is our conclusion, not its report.
      return view.again === null
        ? { status, text, source: 'host', since }
        : concluded(view.again, status, text);
    }
    case 'silent':
      return concluded(view.since, { kind: 'Unknown' }, 'not heard since its host fell silent');
    case 'late': {
      const { afterMs, since } = view;
      return concluded(since, { kind: 'Timeout', afterMs }, `not ready within ${printElapsed(afterMs)}`);
    }
    case 'refused':
      return failed(view.since, view.reason);
    case 'lost':
      return failed(view.since, 'lost: its host agent no longer knows it');
    case 'absent':
      return concluded(view.since, { kind: 'NotExist' }, view.reason);
    default:
      return assertNever(view);
  }
}

const concluded = (since: number, status: Status, text: string): Told => ({
  status,
  text,
  source: 'controller',
  since,
});

const failed = (since: number, reason: string): Told => concluded(since, { kind: 'Failed', reason }, reason);

const latest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);
