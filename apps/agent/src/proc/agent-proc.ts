import type { LadderStep, ProcStatus, StopCause } from '@hostmesh/core';
import type { FormerEnd, Owner, ProcExit, ProcSpec } from '@hostmesh/protocol';

/** What a proc is for as long as it lives, as its client asked for it. */
export interface ProcFacts {
  readonly spec: ProcSpec;
  readonly procMeshId: string;
  readonly hostMeshId: string;
  readonly owner: Owner;
  /** It goes on when its agent ends. */
  readonly keep: boolean;
  /** What it is to be started with; null: without pushed config. Undefined: an agent of before has not written it down. */
  readonly configDigest?: string | null | undefined;
  /** What its mesh is vouched for with at its spawn; null: for ever. */
  readonly ttlMs: number | null;
}

/** One process of the operating system. Its process group and session have its pid as their id. */
export interface ProcessRun {
  readonly pid: number;
  /** Clock ticks since boot: pid and start together name a process for ever. */
  readonly startTicks: number;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly readyAtMs: number | null;
  readonly address: string | null;
  /** Of the config that it was started with; null: without, or not known. */
  readonly configDigest: string | null;
  /** An earlier agent started it. */
  readonly adopted: boolean;
}

/** A wish to end a process. The first one gives the cause; later ones may only hurry it. */
export interface Stop {
  readonly cause: StopCause;
  readonly causeText: string;
  /** Time for each step of the ladder. */
  readonly stepMs: number;
}

/** Why a process could not be started. */
export interface FailedStart {
  readonly code: string;
  /** For people. */
  readonly reason: string;
  /** It would be the same at the next try. */
  readonly isFinal: boolean;
}

/** How a run ended. */
export interface End {
  readonly status: Extract<ProcStatus, { kind: 'Stopped' | 'Killed' | 'Failed' }>;
  /** The code of why nothing was started; null when something was. */
  readonly startFault: string | null;
  readonly cause: StopCause | null;
  readonly causeText: string | null;
  readonly endedBy: LadderStep | null;
  readonly exit: ProcExit | null;
  readonly pid: number | null;
  readonly startedAtMs: number | null;
  readonly stderrTail: readonly string[];
  readonly configDigest: string | null;
  readonly adopted: boolean;
}

/**
 * The life of a proc on its host (Reference 10.3, 11).
 * - `starting`: no process yet
 * - `held`: to be started as soon as its config is installed
 * - `running`: there is one, not ready yet, or ready
 * - `stopping`: on a step of the ladder; `exit` once its leader has ended, `endedBy` once its whole group is gone
 * - `closing`: its leader has ended; what is left of its group is ended, and its output is read to the end
 * - `waiting`: ended, and starts again at `nextAtMs`; what is left of it is ended meanwhile
 * - `lingering`: ended, and `leftover` processes of it still run, as daemons do; somebody may stop them
 * - `ended`: for good
 */
export type ProcState =
  | {
      readonly kind: 'starting';
      readonly stop: Stop | null;
      /** Somebody wants it to stay ended, whatever its restart policy. */
      readonly forGood: boolean;
    }
  | { readonly kind: 'held'; readonly reason: string }
  | {
      readonly kind: 'running';
      readonly run: ProcessRun;
      /** What keeps it from being ready, where that can be told. */
      readonly waitsFor?: string | null;
    }
  | {
      readonly kind: 'stopping';
      readonly run: ProcessRun;
      readonly stop: Stop;
      readonly step: LadderStep;
      readonly exit: ProcExit | null;
      readonly endedBy: LadderStep | null;
      readonly forGood: boolean;
    }
  | {
      readonly kind: 'closing';
      readonly run: ProcessRun;
      readonly stop: Stop | null;
      readonly exit: ProcExit;
      readonly endedBy: LadderStep | null;
      readonly forGood: boolean;
    }
  | { readonly kind: 'waiting'; readonly end: End; readonly nextAtMs: number; readonly leftover: number }
  | {
      readonly kind: 'lingering';
      readonly end: End;
      readonly leftover: number;
      readonly stop: Stop | null;
      readonly step: 'SIGTERM' | 'SIGKILL';
    }
  | { readonly kind: 'ended'; readonly end: End };

/** One proc: what it is, and where it stands. */
export interface AgentProc {
  readonly facts: ProcFacts;
  /** Grows by one with every change that a report shows. */
  readonly generation: number;
  /** Milliseconds since 1970: when the generation began. */
  readonly atMs: number;
  /** Restarts in a row. */
  readonly restarts: number;
  /** How the run before ended; null in the first one. */
  readonly formerEnd: FormerEnd | null;
  readonly state: ProcState;
}

/** A proc that is about to be started for the first time. */
export const newProc = (facts: ProcFacts, nowMs: number): AgentProc => ({
  facts,
  generation: 1,
  atMs: nowMs,
  restarts: 0,
  formerEnd: null,
  state: { kind: 'starting', stop: null, forGood: false },
});

/** It has ended and will not be started again. */
export const isFinal = ({ state }: AgentProc): boolean => state.kind === 'ended';

/** Whether there is a process of it, or one is being started. */
export const isLive = ({ state }: AgentProc): boolean =>
  state.kind !== 'ended' && state.kind !== 'waiting' && state.kind !== 'held';

/** Why it is being ended; null while nobody wants that. */
export const stopOf = ({ state }: AgentProc): Stop | null => ('stop' in state ? state.stop : null);

/** Whether it is being ended, and not to be started again. */
export const staysEnded = ({ state }: AgentProc): boolean => 'forGood' in state && state.forGood;

/** A proc as far as its processes can be told by it; without a leader, what is left of one. */
export interface ProcTarget {
  readonly procId: string;
  readonly leader: Pick<ProcessRun, 'pid' | 'startTicks'> | null;
}

/** As far as its processes can be told. */
export const targetOf = (proc: AgentProc): ProcTarget => ({
  procId: proc.facts.spec.procId,
  leader: runOf(proc),
});

/** A process that is there; null before it was started and after it has ended. */
export const runOf = ({ state }: AgentProc): ProcessRun | null => ('run' in state ? state.run : null);
