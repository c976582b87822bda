import { assertNever } from '@hostmesh/core';
import { timeLeftMs } from '../clock/agent-clock.ts';
import { stopOf, type AgentProc, type End } from './agent-proc.ts';
import { restartPauseMs, wantsRestart } from './proc-end.ts';
import type { ProcContext, ProcEffect, ProcEvent, ProcStep } from './proc-event.ts';
import { formerEndOf } from './proc-report.ts';
import { changed, hurried, isForGood, ladderTimer, quietly, type In } from './step-parts.ts';

/** To the end of a run: for good, with what is left of it, or until it is started again. */
export function finishWith(
  proc: AgentProc,
  end: End,
  { forGood, leftover }: { readonly forGood: boolean; readonly leftover: number },
  context: ProcContext,
): ProcStep {
  const { state, facts } = proc;
  const readyAtMs = 'run' in state ? state.run.readyAtMs : null;
  const wasGood = readyAtMs !== null && context.nowMs - readyAtMs >= facts.spec.restart.resetAfterMs;
  const counted = wasGood ? { ...proc, restarts: 0 } : proc;
  if (forGood || !wantsRestart(counted, end)) {
    if (leftover === 0) return [changed(counted, { kind: 'ended', end }, context), []];
    return linger(
      counted,
      { kind: 'lingering', end, leftover, stop: stopOf(proc), step: 'SIGTERM' },
      context,
    );
  }
  const ms = restartPauseMs(counted, context.random);
  const restart: ProcEffect = { kind: 'set_timer', timer: 'restart', ms };
  return [
    changed(counted, { kind: 'waiting', end, nextAtMs: context.nowMs + ms, leftover }, context),
    // The next run is to find what it needs free: ports, devices, memory.
    leftover === 0
      ? [restart]
      : [restart, { kind: 'signal', to: 'members', signal: 'SIGTERM' }, { kind: 'watch_leftover' }],
  ];
}

/** Watches what is left, and ends it if somebody wants that. */
function linger(proc: AgentProc, state: In<'lingering'>, context: ProcContext): ProcStep {
  const ending: readonly ProcEffect[] =
    state.stop === null
      ? []
      : [{ kind: 'signal', to: 'members', signal: 'SIGTERM' }, ladderTimer(state.stop.stepMs)];
  return [changed(proc, state, context), [...ending, { kind: 'watch_leftover' }]];
}

/** A proc that has ended, with processes that run on. */
export function lingering(
  proc: AgentProc,
  state: In<'lingering'>,
  event: ProcEvent,
  context: ProcContext,
): ProcStep {
  const { end, leftover, stop, step } = state;
  switch (event.kind) {
    case 'leftover':
    case 'lost': {
      const count = event.kind === 'lost' ? event.leftover : event.count;
      if (count > 0 && count === leftover) return [proc, []];
      if (count > 0) return [changed(proc, { ...state, leftover: count }, context), []];
      const endedBy = end.endedBy ?? (stop === null ? null : step);
      return [changed(proc, { kind: 'ended', end: { ...end, endedBy } }, context), [{ kind: 'clear_timer' }]];
    }
    case 'stop': {
      if (event.stop.cause === 'not_ready') return [proc, []];
      if (stop === null) {
        const ending: ProcEffect = { kind: 'signal', to: 'members', signal: 'SIGTERM' };
        return [quietly(proc, { ...state, stop: event.stop }), [ending, ladderTimer(event.stop.stepMs)]];
      }
      const next = hurried(stop, event.stop);
      const isFaster = next.stepMs < stop.stepMs && step !== 'SIGKILL';
      return [quietly(proc, { ...state, stop: next }), isFaster ? [ladderTimer(next.stepMs)] : []];
    }
    case 'timer':
      if (event.timer !== 'ladder' || stop === null || step === 'SIGKILL') return [proc, []];
      return [
        quietly(proc, { ...state, step: 'SIGKILL' }),
        [{ kind: 'signal', to: 'members', signal: 'SIGKILL' }],
      ];
    case 'adopted':
      return [proc, [{ kind: 'watch_leftover' }]];
    case 'started':
    case 'start_failed':
    case 'config_missing':
    case 'config_installed':
    case 'waits_for':
    case 'became_ready':
    case 'exited':
    case 'members_gone':
    case 'finished':
      return [proc, []];
    default:
      return assertNever(event);
  }
}

/** A proc that has ended and is to start again. */
export function waiting(
  proc: AgentProc,
  state: In<'waiting'>,
  event: ProcEvent,
  context: ProcContext,
): ProcStep {
  const { end, nextAtMs, leftover } = state;
  switch (event.kind) {
    case 'timer': {
      if (event.timer !== 'restart') return [proc, []];
      const next = changed(proc, { kind: 'starting', stop: null, forGood: false }, context);
      const formerEnd = formerEndOf(end, proc.atMs);
      return [{ ...next, restarts: proc.restarts + 1, formerEnd }, [{ kind: 'launch', leftover }]];
    }
    case 'stop': {
      // The end stays what it was: nobody asked for it. Only the restart is called off, and what is left is ended.
      if (!isForGood(event.stop)) return [proc, []];
      if (leftover === 0) return [changed(proc, { kind: 'ended', end }, context), [{ kind: 'clear_timer' }]];
      return linger(proc, { kind: 'lingering', end, leftover, stop: event.stop, step: 'SIGTERM' }, context);
    }
    case 'leftover':
      return event.count === leftover
        ? [proc, []]
        : [changed(proc, { ...state, leftover: event.count }, context), []];
    case 'adopted': {
      const ms = timeLeftMs(nextAtMs, context.nowMs, proc.facts.spec.restart.maxBackoffMs);
      const restart: ProcEffect = { kind: 'set_timer', timer: 'restart', ms };
      return [proc, leftover === 0 ? [restart] : [restart, { kind: 'watch_leftover' }]];
    }
    case 'started':
    case 'start_failed':
    case 'config_missing':
    case 'config_installed':
    case 'waits_for':
    case 'became_ready':
    case 'exited':
    case 'members_gone':
    case 'finished':
    case 'lost':
      return [proc, []];
    default:
      return assertNever(event);
  }
}
