import type { ProcExit } from '@hostmesh/protocol';
import type { AgentProc, FailedStart, Stop } from './agent-proc.ts';

/** What happens to a proc. */
export type ProcEvent =
  | {
      readonly kind: 'started';
      readonly pid: number;
      readonly startTicks: number;
      readonly configDigest: string | null;
      /** By an earlier agent, which ended before it could say so. */
      readonly adopted: boolean;
    }
  /** Nothing was started. */
  | { readonly kind: 'start_failed'; readonly fault: FailedStart }
  /** Its host does not hold the config that it is to be started with. */
  | { readonly kind: 'config_missing'; readonly reason: string }
  /** Now it does. */
  | { readonly kind: 'config_installed' }
  /** What keeps it from being ready, as far as its host can see; null: nothing that could be told. */
  | { readonly kind: 'waits_for'; readonly why: string | null }
  | { readonly kind: 'became_ready'; readonly address: string | null }
  /** Its leader ended. */
  | { readonly kind: 'exited'; readonly exit: ProcExit }
  /** No process of it is left. */
  | { readonly kind: 'members_gone' }
  /** Nothing is left of the process, and its output is read. */
  | {
      readonly kind: 'finished';
      readonly stderrTail: readonly string[];
      /** Processes of it that have left its group in time, and run on. */
      readonly leftover: number;
      /** Set when what ended was only what we start programs with: the program itself never ran. */
      readonly startFault: FailedStart | null;
    }
  | { readonly kind: 'timer'; readonly timer: ProcTimer }
  | { readonly kind: 'stop'; readonly stop: Stop }
  /** A restarted agent found it running, and goes on with it. */
  | { readonly kind: 'adopted' }
  /** So many processes still run of a proc whose leader has ended. */
  | { readonly kind: 'leftover'; readonly count: number }
  /** A restarted agent did not find its leader, or has ended it. */
  | { readonly kind: 'lost'; readonly stderrTail: readonly string[]; readonly leftover: number };

/** A proc has at most one timer at a time: its state says which. */
export type ProcTimer = 'ready' | 'ladder' | 'restart';

/** What each kind of effect says besides its kind. */
interface EffectFields {
  /** First ends what is left of the run before, if anything is. */
  readonly launch: { readonly leftover: number };
  readonly watch_exit: unknown;
  readonly watch_readiness: unknown;
  readonly end_readiness: unknown;
  readonly signal: { readonly to: 'leader' | 'members'; readonly signal: 'SIGTERM' | 'SIGKILL' };
  /** Tell when no process of it is left. */
  readonly watch_members: unknown;
  /** End what is left in its group, read the output to its end, tell when both is done. */
  readonly finish: { readonly exit: ProcExit };
  /** Tell how many processes are left, whenever that changes, until none is. */
  readonly watch_leftover: unknown;
  readonly set_timer: { readonly timer: ProcTimer; readonly ms: number };
  readonly clear_timer: unknown;
}

export type EffectKind = keyof EffectFields;

/** What is to be done: a union over all kinds, or what an effect of kind `K` is. */
export type ProcEffect<K extends EffectKind = EffectKind> = {
  [Kind in K]: { readonly kind: Kind } & EffectFields[Kind];
}[K];

/** The time, a number from 0 to 1 for jitter, and the time for each step of the ladder unless a stop says otherwise. */
export interface ProcContext {
  readonly nowMs: number;
  readonly random: number;
  readonly stepMs: number;
}

export type ProcStep = readonly [AgentProc, readonly ProcEffect[]];
