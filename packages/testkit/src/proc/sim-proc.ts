import type { LadderStep } from '@hostmesh/core';
import type { Owner, ProcExit, ProcReport, ProcSpec } from '@hostmesh/protocol';
import { behaviourOf, type SimBehaviour } from './sim-behaviour.ts';
import { noOutput, type SimOutput } from './sim-output.ts';

/** What does not change about a proc. */
export interface SimProcTerms {
  readonly spec: ProcSpec;
  readonly procMeshId: string;
  readonly hostMeshId: string;
  readonly owner: Owner;
  /** What it is to be started with; null: without pushed config. */
  readonly configDigest: string | null;
  readonly keep: boolean;
  readonly behaviour: SimBehaviour;
}

/** What happens next to a proc; times are milliseconds since 1970, `Infinity` for never. */
export type SimPhase =
  | { readonly kind: 'starting' }
  /** Not ready yet; `giveUpAtMs` is when its readiness times out. */
  | {
      readonly kind: 'running';
      readonly readyAtMs: number;
      readonly giveUpAtMs: number;
      readonly endAtMs: number;
    }
  | { readonly kind: 'ready'; readonly sinceMs: number; readonly endAtMs: number; readonly flapAtMs: number }
  /** `by` is the step of the ladder that ends it. */
  | { readonly kind: 'stopping'; readonly goneAtMs: number; readonly by: LadderStep; readonly exit: ProcExit }
  | { readonly kind: 'backing_off'; readonly restartAtMs: number }
  /** Waits until its config is installed. */
  | { readonly kind: 'held' }
  /** For good. */
  | { readonly kind: 'ended' };

/** One simulated proc. */
export interface SimProc {
  readonly terms: SimProcTerms;
  readonly phase: SimPhase;
  /** As it was last told. */
  readonly report: ProcReport;
  readonly output: SimOutput;
  /** Restarts since it was last ready for long. */
  readonly restartsInRow: number;
  /** It changes its state every so often until then. */
  readonly flap: { readonly everyMs: number; readonly untilMs: number } | null;
}

/** A proc that has just been accepted. */
export function newSimProc(terms: Omit<SimProcTerms, 'behaviour'>, nowMs: number): SimProc {
  const { spec, procMeshId, hostMeshId, keep } = terms;
  return {
    terms: { ...terms, behaviour: behaviourOf(spec.command) },
    phase: { kind: 'starting' },
    report: {
      procId: spec.procId,
      procMeshId,
      hostMeshId,
      rank: spec.rank,
      generation: 1,
      at: nowMs,
      status: { kind: 'Starting' },
      startFault: null,
      leftover: 0,
      formerEnd: null,
      cause: null,
      causeText: null,
      endedBy: null,
      exit: null,
      pid: null,
      startedAt: null,
      restarts: { count: 0, nextAt: null },
      configDigest: null,
      waitsFor: null,
      stderrTail: [],
      keep,
      adopted: false,
    },
    output: noOutput,
    restartsInRow: 0,
    flap: null,
  };
}

/** Whether a process of it exists or is about to. */
export const isSimProcLive = ({ phase: { kind } }: SimProc): boolean =>
  kind !== 'ended' && kind !== 'backing_off' && kind !== 'held';

/** When something happens to it by itself; `Infinity` for never. */
export function dueAtMs({ phase, report }: SimProc): number {
  switch (phase.kind) {
    case 'starting':
      return report.at;
    case 'running':
      return Math.min(phase.readyAtMs, phase.giveUpAtMs, phase.endAtMs);
    case 'ready':
      return Math.min(phase.endAtMs, phase.flapAtMs);
    case 'stopping':
      return phase.goneAtMs;
    case 'backing_off':
      return phase.restartAtMs;
    case 'held':
    case 'ended':
      return Infinity;
  }
}
