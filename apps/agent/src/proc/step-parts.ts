import type { AgentProc, ProcState, Stop } from './agent-proc.ts';
import type { ProcContext, ProcEffect } from './proc-event.ts';

/** A state of one kind. */
export type In<K extends ProcState['kind']> = Extract<ProcState, { kind: K }>;

/** To a state that a report shows. */
export const changed = (proc: AgentProc, state: ProcState, { nowMs }: ProcContext): AgentProc => ({
  ...proc,
  state,
  generation: proc.generation + 1,
  atMs: nowMs,
});

/** To a state that a report shows no differently. */
export const quietly = (proc: AgentProc, state: ProcState): AgentProc => ({ ...proc, state });

/** Whether a stop also rules out a restart: one that comes from the end of the agent, or of patience, does not. */
export const isForGood = ({ cause }: Stop): boolean => cause !== 'not_ready' && cause !== 'agent_ended';

/** The first stop gives the cause, the most impatient one the pace. */
export const hurried = (first: Stop, later: Stop): Stop => ({
  ...first,
  stepMs: Math.min(first.stepMs, later.stepMs),
});

/** How long the present step of the ladder may take. */
export const ladderTimer = (ms: number): ProcEffect => ({ kind: 'set_timer', timer: 'ladder', ms });
