import { assertNever, printDuration } from '@hostmesh/core';
import type { ProcExit } from '@hostmesh/protocol';
import { timeLeftMs } from '../clock/agent-clock.ts';
import { finishWith, lingering, waiting } from './after-end.ts';
import type { AgentProc, FailedStart, ProcessRun, Stop } from './agent-proc.ts';
import { endOfLost, endOfRun, endOfStart, unseenExit } from './proc-end.ts';
import type { ProcContext, ProcEffect, ProcEvent, ProcStep } from './proc-event.ts';
import { changed, hurried, isForGood, ladderTimer, quietly, type In } from './step-parts.ts';

/** Members of a group whose leader has ended as asked get this long to follow before they are asked themselves. */
const FOLLOW_MS = 500;
/** A process that was found running has at least this long to show that it is ready. */
const SHOW_READY_MS = 2_000;

/**
 * The life of one proc. Total: what cannot happen in a state, or comes too late, changes nothing. `generation` grows
 * exactly when a report would show a difference.
 */
export function stepProc(proc: AgentProc, event: ProcEvent, context: ProcContext): ProcStep {
  const { state } = proc;
  switch (state.kind) {
    case 'starting':
      return starting(proc, state, event, context);
    case 'held':
      return held(proc, state, event, context);
    case 'running':
      return running(proc, state, event, context);
    case 'stopping':
      return stopping(proc, state, event, context);
    case 'closing':
      return closing(proc, state, event, context);
    case 'waiting':
      return waiting(proc, state, event, context);
    case 'lingering':
      return lingering(proc, state, event, context);
    case 'ended':
      return [proc, []];
    default:
      return assertNever(state);
  }
}

function starting(proc: AgentProc, state: In<'starting'>, event: ProcEvent, context: ProcContext): ProcStep {
  const { spec } = proc.facts;
  const { stop } = state;
  switch (event.kind) {
    case 'started': {
      const { pid, startTicks, configDigest, adopted } = event;
      const times = { startedAtMs: adopted ? proc.atMs : context.nowMs, readyAtMs: null };
      const run = { pid, startTicks, ...times, address: null, configDigest, adopted };
      const started = changed(proc, { kind: 'running', run }, context);
      if (stop !== null) {
        const [stopped, effects] = beginStop(started, run, stop, context, state.forGood);
        return [{ ...stopped, generation: started.generation }, [{ kind: 'watch_exit' }, ...effects]];
      }
      const timer = readyTimer(spec.readyTimeoutMs, run, context);
      return [started, [{ kind: 'watch_exit' }, { kind: 'watch_readiness' }, ...timer]];
    }
    case 'start_failed':
      return failToStart(proc, event.fault, state.forGood, context);
    case 'config_missing': {
      const { reason } = event;
      // Whoever wants it ended by now is told how the start went, and nothing waits.
      if (stop !== null) {
        const left = { forGood: state.forGood, leftover: 0 };
        return finishWith(proc, endOfStart(configMissing(reason), stop), left, context);
      }
      return [changed(proc, { kind: 'held', reason }, context), []];
    }
    case 'stop': {
      const forGood = state.forGood || isForGood(event.stop);
      return stop === null
        ? [changed(proc, { kind: 'starting', stop: event.stop, forGood }, context), []]
        : [quietly(proc, { kind: 'starting', stop: hurried(stop, event.stop), forGood }), []];
    }
    case 'lost':
      return finishWith(
        proc,
        endOfLost(null, proc.facts.keep, event.stderrTail),
        { ...state, ...event },
        context,
      );
    case 'waits_for':
    case 'became_ready':
    case 'exited':
    case 'members_gone':
    case 'finished':
    case 'timer':
    case 'adopted':
    case 'leftover':
    case 'config_installed':
      return [proc, []];
    default:
      return assertNever(event);
  }
}

function held(proc: AgentProc, { reason }: In<'held'>, event: ProcEvent, context: ProcContext): ProcStep {
  switch (event.kind) {
    // Nobody was there when the config came, perhaps: the start finds out.
    case 'adopted':
    case 'config_installed': {
      const next = changed(proc, { kind: 'starting', stop: null, forGood: false }, context);
      return [next, [{ kind: 'launch', leftover: 0 }]];
    }
    case 'config_missing':
      return event.reason === reason
        ? [proc, []]
        : [changed(proc, { kind: 'held', reason: event.reason }, context), []];
    case 'stop': {
      const end = endOfStart(configMissing(reason), event.stop);
      return isForGood(event.stop)
        ? finishWith(proc, end, { forGood: true, leftover: 0 }, context)
        : [proc, []];
    }
    case 'started':
    case 'start_failed':
    case 'waits_for':
    case 'became_ready':
    case 'exited':
    case 'members_gone':
    case 'finished':
    case 'timer':
    case 'lost':
    case 'leftover':
      return [proc, []];
    default:
      return assertNever(event);
  }
}

function running(
  proc: AgentProc,
  { run, waitsFor = null }: In<'running'>,
  event: ProcEvent,
  context: ProcContext,
): ProcStep {
  const { spec, keep } = proc.facts;
  switch (event.kind) {
    case 'became_ready': {
      if (run.readyAtMs !== null) return [proc, []];
      const ready = { ...run, readyAtMs: context.nowMs, address: event.address };
      return [
        changed(proc, { kind: 'running', run: ready }, context),
        [{ kind: 'end_readiness' }, { kind: 'clear_timer' }],
      ];
    }
    case 'waits_for':
      if (run.readyAtMs !== null || event.why === waitsFor) return [proc, []];
      return [changed(proc, { kind: 'running', run, waitsFor: event.why }, context), []];
    case 'exited': {
      const closing = {
        kind: 'closing',
        run,
        stop: null,
        exit: event.exit,
        endedBy: null,
        forGood: false,
      } as const;
      return [
        waitsFor === null ? quietly(proc, closing) : changed(proc, closing, context),
        [{ kind: 'end_readiness' }, { kind: 'clear_timer' }, { kind: 'finish', exit: event.exit }],
      ];
    }
    case 'timer': {
      if (event.timer !== 'ready' || run.readyAtMs !== null) return [proc, []];
      const why = waitsFor === null ? '' : `: ${waitsFor}`;
      const causeText = `not ready within ${printDuration(spec.readyTimeoutMs)}${why}`.slice(0, 500);
      return beginStop(proc, run, { cause: 'not_ready', causeText, stepMs: context.stepMs }, context);
    }
    case 'stop':
      return beginStop(proc, run, event.stop, context);
    case 'adopted': {
      const adopted = { ...run, adopted: true };
      const next = changed(proc, { kind: 'running', run: adopted }, context);
      if (run.readyAtMs !== null) return [next, [{ kind: 'watch_exit' }]];
      const timer = readyTimer(spec.readyTimeoutMs, adopted, context);
      return [next, [{ kind: 'watch_exit' }, { kind: 'watch_readiness' }, ...timer]];
    }
    case 'lost':
      return finishWith(proc, endOfLost(run, keep, event.stderrTail), { forGood: false, ...event }, context);
    case 'started':
    case 'start_failed':
    case 'config_missing':
    case 'config_installed':
    case 'members_gone':
    case 'finished':
    case 'leftover':
      return [proc, []];
    default:
      return assertNever(event);
  }
}

function stopping(proc: AgentProc, state: In<'stopping'>, event: ProcEvent, context: ProcContext): ProcStep {
  const { run, stop, step } = state;
  switch (event.kind) {
    case 'exited': {
      const next = { ...state, exit: event.exit };
      if (state.endedBy !== null) return close(proc, next, event.exit);
      const followMs = Math.min(stop.stepMs, FOLLOW_MS);
      return [quietly(proc, next), step === 'asked' ? [ladderTimer(followMs)] : []];
    }
    case 'members_gone': {
      const next = { ...state, endedBy: step };
      return state.exit === null
        ? [quietly(proc, next), [{ kind: 'clear_timer' }]]
        : close(proc, next, state.exit);
    }
    case 'timer': {
      if (event.timer !== 'ladder' || step === 'SIGKILL' || state.endedBy !== null) return [proc, []];
      return step === 'asked'
        ? [
            quietly(proc, { ...state, step: 'SIGTERM' }),
            [{ kind: 'signal', to: 'members', signal: 'SIGTERM' }, ladderTimer(stop.stepMs)],
          ]
        : [
            quietly(proc, { ...state, step: 'SIGKILL' }),
            [{ kind: 'signal', to: 'members', signal: 'SIGKILL' }],
          ];
    }
    case 'stop': {
      const next = {
        ...state,
        stop: hurried(stop, event.stop),
        forGood: state.forGood || isForGood(event.stop),
      };
      const isFaster = next.stop.stepMs < stop.stepMs && step !== 'SIGKILL' && state.endedBy === null;
      return [quietly(proc, next), isFaster ? [ladderTimer(next.stop.stepMs)] : []];
    }
    case 'adopted': {
      const adopted = { ...run, adopted: true };
      const [next, effects] = beginStop(proc, adopted, stop, context, state.forGood);
      return [next, [{ kind: 'watch_exit' }, ...effects]];
    }
    case 'lost': {
      const end = endOfRun(proc, { ...state, kind: 'closing', exit: unseenExit }, event.stderrTail);
      return finishWith(proc, end, { ...state, ...event }, context);
    }
    case 'started':
    case 'start_failed':
    case 'config_missing':
    case 'config_installed':
    case 'waits_for':
    case 'became_ready':
    case 'finished':
    case 'leftover':
      return [proc, []];
    default:
      return assertNever(event);
  }
}

function closing(proc: AgentProc, state: In<'closing'>, event: ProcEvent, context: ProcContext): ProcStep {
  switch (event.kind) {
    case 'finished':
      if (event.startFault !== null) return failToStart(proc, event.startFault, state.forGood, context);
      return finishWith(proc, endOfRun(proc, state, event.stderrTail), { ...state, ...event }, context);
    case 'lost':
      return finishWith(proc, endOfRun(proc, state, event.stderrTail), { ...state, ...event }, context);
    case 'stop':
      return [quietly(proc, { ...state, forGood: state.forGood || isForGood(event.stop) }), []];
    case 'started':
    case 'start_failed':
    case 'config_missing':
    case 'config_installed':
    case 'waits_for':
    case 'became_ready':
    case 'exited':
    case 'members_gone':
    case 'timer':
    case 'adopted':
    case 'leftover':
      return [proc, []];
    default:
      return assertNever(event);
  }
}

/** What is left of the time to become ready; 0 waits without limit. */
function readyTimer(
  timeoutMs: number,
  { startedAtMs, adopted }: ProcessRun,
  { nowMs }: ProcContext,
): readonly ProcEffect[] {
  if (timeoutMs === 0) return [];
  const leftMs = timeLeftMs(startedAtMs + timeoutMs, nowMs, timeoutMs);
  return [{ kind: 'set_timer', timer: 'ready', ms: Math.max(adopted ? SHOW_READY_MS : 0, leftMs) }];
}

/** The first step of the ladder: the leader alone is asked. */
function beginStop(
  proc: AgentProc,
  run: ProcessRun,
  stop: Stop,
  context: ProcContext,
  forGood = isForGood(stop),
): ProcStep {
  return [
    changed(
      proc,
      { kind: 'stopping', run, stop, step: 'asked', exit: null, endedBy: null, forGood },
      context,
    ),
    [
      { kind: 'end_readiness' },
      { kind: 'signal', to: 'leader', signal: 'SIGTERM' },
      { kind: 'watch_members' },
      ladderTimer(stop.stepMs),
    ],
  ];
}

function close(proc: AgentProc, { run, stop, endedBy, forGood }: In<'stopping'>, exit: ProcExit): ProcStep {
  return [
    quietly(proc, { kind: 'closing', run, stop, exit, endedBy, forGood }),
    [{ kind: 'clear_timer' }, { kind: 'finish', exit }],
  ];
}

const configMissing = (reason: string): FailedStart => ({ code: 'config_missing', reason, isFinal: false });

/** To the end of a start that came to nothing. What would fail again is not tried again, and was no restart. */
function failToStart(proc: AgentProc, fault: FailedStart, forGood: boolean, context: ProcContext): ProcStep {
  const end = endOfStart(fault);
  if (!fault.isFinal) return finishWith(proc, end, { forGood, leftover: 0 }, context);
  const restarts = Math.max(0, proc.restarts - 1);
  return [changed({ ...proc, restarts }, { kind: 'ended', end }, context), []];
}
