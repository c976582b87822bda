import { assertNever, type Status } from '@hostmesh/core';
import { printElapsed } from '../push/config-push-failure.ts';
import type { ProcObservation } from './proc-observation.ts';
import { lastOf, type ProcView } from './proc-view.ts';

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
      // That it was silent in between is our knowledge, and so is that it is as before.
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
