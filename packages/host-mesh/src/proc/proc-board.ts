import { assertNever, statusKinds, type EndKind, type Status, type StatusKind } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import { printElapsed } from '../links/phase.ts';
import type { ProcChange, ProcObservation, ProcPlace } from './proc-observation.ts';
import { tellLastEnd, type KnownEnds } from './known-end.ts';
import { isFinalView, lastOf, type ProcView, type ProcViewEvent, type SilenceCause } from './proc-view.ts';
import { stepProcView } from './step-proc-view.ts';

/** How many procs have which status; they add up to `total`. */
export type ProcTally = Readonly<Record<StatusKind | 'total', number>>;

/** What one event did to one proc. */
export interface BoardStep {
  readonly before: ProcView;
  readonly after: ProcView;
  readonly transition: ProcChange;
}

interface Entry extends ProcPlace {
  view: ProcView;
}

/**
 * The views of all procs of a mesh, and what follows from them together. Does nothing by itself; a step costs the same
 * however many procs there are.
 */
export class ProcBoard {
  readonly #procs: readonly Entry[];
  readonly #restartLimit: number;
  readonly #ranks = new Map<string, number>();
  readonly #ranksOfHost = new Map<number, number[]>();
  readonly #counts: Record<StatusKind | 'total', number>;
  /** By host rank, milliseconds since 1970. */
  readonly #heardAt = new Map<number, number>();
  #unended = 0;

  /** `procs` are in rank order, complete. */
  constructor(procs: readonly (ProcPlace & { readonly view: ProcView })[], restartLimit: number) {
    this.#procs = procs.map(({ rank, hostRank, procId, view }) => ({ rank, hostRank, procId, view }));
    this.#restartLimit = restartLimit;
    // Object.fromEntries forgets that every kind is there.
    const none = Object.fromEntries(statusKinds.map((kind) => [kind, 0])) as Record<StatusKind, number>;
    this.#counts = { ...none, total: procs.length };
    for (const { rank, hostRank, procId, view } of this.#procs) {
      this.#ranks.set(procId, rank);
      const ranks = this.#ranksOfHost.get(hostRank);
      if (ranks === undefined) this.#ranksOfHost.set(hostRank, [rank]);
      else ranks.push(rank);
      this.#counts[this.proc(rank).status.kind] += 1;
      if (!isFinalView(view)) this.#unended += 1;
    }
  }

  /** A board of procs that nothing is known of yet. */
  static awaiting(procs: readonly ProcPlace[], restartLimit: number, since: number): ProcBoard {
    const view: ProcView = { kind: 'awaited', since };
    return new ProcBoard(
      procs.map((place) => ({ ...place, view })),
      restartLimit,
    );
  }

  get counts(): ProcTally {
    return { ...this.#counts };
  }

  /** Whether every proc has ended for good. */
  get ended(): boolean {
    return this.#unended === 0;
  }

  get hostRanks(): readonly number[] {
    return [...this.#ranksOfHost.keys()];
  }

  /** The create ranks of the procs of a host. */
  ranksOfHost(hostRank: number): readonly number[] {
    return this.#ranksOfHost.get(hostRank) ?? [];
  }

  /** Throws for a rank that there is not. */
  view(rank: number): ProcView {
    return this.#entry(rank).view;
  }

  place(rank: number): ProcPlace {
    return this.#entry(rank);
  }

  proc(rank: number): ProcObservation {
    const entry = this.#entry(rank);
    return observeProc(entry, entry.view, this.#heardAt.get(entry.hostRank) ?? null);
  }

  procs(): readonly ProcObservation[] {
    return this.#procs.map(({ rank }) => this.proc(rank));
  }

  /** A host was heard: what is known of its procs was true at that time. */
  hostHeard(hostRank: number, at: number): void {
    if ((this.#heardAt.get(hostRank) ?? 0) < at) this.#heardAt.set(hostRank, at);
  }

  /**
   * The rank that a host's report is about; undefined when the proc is none of this mesh, or runs on another host: no
   * host can speak for another one.
   */
  rankOfReport(hostRank: number, { procId }: Pick<ProcReport, 'procId'>): number | undefined {
    const rank = this.#ranks.get(procId);
    return rank !== undefined && this.#entry(rank).hostRank === hostRank ? rank : undefined;
  }

  /** What the event did; null when it was no news. */
  apply(rank: number, event: ProcViewEvent): BoardStep | null {
    const entry = this.#entry(rank);
    const before = entry.view;
    const after = stepProcView(before, event, this.#restartLimit);
    if (after === before) return null;
    this.#counts[this.proc(rank).status.kind] -= 1;
    entry.view = after;
    const transition = this.proc(rank);
    this.#counts[transition.status.kind] += 1;
    this.#unended += Number(isFinalView(before)) - Number(isFinalView(after));
    return isSameTold(before, after) ? null : { before, after, transition };
  }

  #entry(rank: number): Entry {
    const entry = this.#procs[rank];
    if (entry === undefined) throw new RangeError(`no such rank: ${rank}`);
    return entry;
  }
}

/** A report that only completes what was recorded is no change. */
const isSameTold = (before: ProcView, after: ProcView): boolean =>
  before.kind === 'heard' &&
  after.kind === 'heard' &&
  before.last.generation === after.last.generation &&
  before.again === after.again;

/** A view as it is shown. `hostHeardAt` is when its host was last heard, if that is known. */
export function observeProc(place: ProcPlace, view: ProcView, hostHeardAt: number | null): ProcObservation {
  const last = lastOf(view);
  return {
    rank: place.rank,
    hostRank: place.hostRank,
    procId: place.procId,
    ...toldOf(view),
    end: endOf(view),
    ends: endsOf(view),
    report: last?.report ?? null,
    generation: last?.generation ?? 0,
    lastHeardAt:
      last === null
        ? null
        : latest(last.heardAt, view.kind === 'lost' || view.kind === 'given_up' ? null : hostHeardAt),
  };
}

const noRunEnded: KnownEnds = { last: null, former: null, restarts: 0 };

/** Where the status says nothing of a run, the last that ended is the one before what is shown. */
function endsOf(view: ProcView): KnownEnds {
  const ends = lastOf(view)?.ends ?? noRunEnded;
  return view.kind === 'heard' ? ends : { ...ends, former: ends.last };
}

function endOf(view: ProcView): EndKind | null {
  switch (view.kind) {
    case 'heard':
      return view.last.end;
    case 'refused':
      return 'failed';
    case 'given_up':
    case 'lost':
      return 'lost';
    case 'awaited':
    case 'silent':
    case 'late':
    case 'absent':
      return null;
    default:
      return assertNever(view);
  }
}

/** What is said of a proc whose host is not heard. */
const silenceText: Record<SilenceCause, string> = {
  silent: 'not heard since its host fell silent',
  replaced: 'another agent answers at this address',
};

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
      return concluded(view.since, { kind: 'Unknown' }, silenceText[view.why]);
    case 'late': {
      const { afterMs, since, last } = view;
      // What it waited for when it was last heard, and how the run before ended: neither hides the other.
      const known = last === null ? [] : [last.report?.waitsFor ?? null, tellLastEnd(last.ends)];
      const why = known.filter((each) => each !== null).join('; ');
      const text = `not ready within ${printElapsed(afterMs)}${why === '' ? '' : `: ${why}`}`;
      return concluded(since, { kind: 'Timeout', afterMs }, text);
    }
    case 'given_up':
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
