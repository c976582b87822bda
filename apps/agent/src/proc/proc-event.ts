import type { ProcExit } from '@hostmesh/protocol';
import type { FailedStart, Stop } from './agent-proc.ts';

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
  | { readonly kind: 'became_ready'; readonly address: string | null }
  /** Its leader ended. */
  | { readonly kind: 'exited'; readonly exit: ProcExit }
  /** Nobody is left in its group. */
  | { readonly kind: 'group_gone' }
  /** Nothing is left of the process, and its output is read. */
  | {
      readonly kind: 'finished';
      readonly stderrTail: readonly string[];
      /** Set when what ended was only what we start programs with: the program itself never ran. */
      readonly startFault: FailedStart | null;
    }
  | { readonly kind: 'timer'; readonly timer: ProcTimer }
  | { readonly kind: 'stop'; readonly stop: Stop }
  /** A restarted agent found it running, and goes on with it. */
  | { readonly kind: 'adopted' }
  /** A restarted agent did not find it, or has ended it. */
  | { readonly kind: 'lost'; readonly stderrTail: readonly string[] };

/** A proc has at most one timer at a time: its state says which. */
export type ProcTimer = 'ready' | 'ladder' | 'restart';

/** What each kind of effect says besides its kind. */
interface EffectFields {
  readonly launch: unknown;
  readonly watch_exit: unknown;
  readonly watch_readiness: unknown;
  readonly end_readiness: unknown;
  readonly signal: { readonly to: 'leader' | 'group'; readonly signal: 'SIGTERM' | 'SIGKILL' };
  /** Tell when the group is gone. */
  readonly watch_group: unknown;
  /** End what is left of the group, read the output to its end, tell when both is done. */
  readonly finish: { readonly exit: ProcExit };
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
