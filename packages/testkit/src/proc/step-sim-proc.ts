import {
  assertNever,
  printDuration,
  statusOfProc,
  type Fault,
  type LadderStep,
  type Result,
  type StopCause,
} from '@hostmesh/core';
import { MAX_FORMER_LINES, type FormerEnd, type ProcExit, type ProcReport } from '@hostmesh/protocol';
import type { SimBehaviour } from './sim-behaviour.ts';
import { beginRun, chatterUntil, endLine, stderrTailOf } from './sim-output.ts';
import { isSimProcLive, type SimPhase, type SimProc } from './sim-proc.ts';

/** What can happen to a proc. */
export type SimProcEvent =
  /** It is time for what its phase says. */
  | { readonly kind: 'due' }
  | {
      readonly kind: 'stop';
      readonly cause: StopCause;
      readonly causeText: string | null;
      readonly stepMs: number;
    }
  /** Somebody outside of the mesh sends a deadly signal. */
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'flap'; readonly everyMs: number; readonly untilMs: number }
  /** Its host agent died and is back. */
  | { readonly kind: 'agent_restarted' };

export interface Moment {
  readonly nowMs: number;
  /** Time for each step of the stop ladder when no request says. */
  readonly exitStepMs: number;
  /** Digest of the config that it is started with now; null: without. */
  readonly config: Result<string | null, Fault>;
}

/**
 * What becomes of a proc. Each step makes at most one new report, one generation later; a step that is too late is
 * followed by another that is due at once, so that no state is left out.
 */
export function stepSimProc(proc: SimProc, event: SimProcEvent, moment: Moment): SimProc {
  const { nowMs } = moment;
  switch (event.kind) {
    case 'due':
      return due(proc, moment);
    case 'stop':
      if (proc.phase.kind === 'backing_off') return giveUpRestart(proc, nowMs);
      if (proc.phase.kind === 'held') return neverStarted(proc, event, nowMs);
      if (!isSimProcLive(proc) || proc.phase.kind === 'stopping') return proc;
      return stopping(proc, event, event.stepMs, nowMs);
    case 'killed':
      if (!isSimProcLive(proc) || proc.phase.kind === 'starting') return proc;
      return endedBySelf(proc, { code: null, signal: event.signal, coreDumped: false }, nowMs);
    case 'flap': {
      const flapping = { ...proc, flap: { everyMs: event.everyMs, untilMs: event.untilMs } };
      const { phase } = proc;
      if (phase.kind !== 'ready') return flapping;
      // Spread over the first period, so that a storm is one from its beginning.
      const flapAtMs = Math.round(nowMs + event.everyMs * ((proc.report.rank * 0.618) % 1));
      return { ...flapping, phase: { ...phase, flapAtMs } };
    }
    case 'agent_restarted':
      return agentRestarted(proc, nowMs);
    default:
      return assertNever(event);
  }
}

/** The next report; what it does not name stays. */
const told = (proc: SimProc, nowMs: number, phase: SimPhase, changes: Partial<ProcReport>): SimProc => ({
  ...proc,
  phase,
  report: { ...proc.report, ...changes, generation: proc.report.generation + 1, at: nowMs },
});

function due(proc: SimProc, moment: Moment): SimProc {
  const { nowMs, exitStepMs } = moment;
  const { phase, terms, report } = proc;
  switch (phase.kind) {
    case 'starting':
    case 'held':
      return started(proc, moment);
    case 'backing_off':
      return started(
        {
          ...proc,
          restartsInRow: proc.restartsInRow + 1,
          report: {
            ...report,
            restarts: { count: report.restarts.count + 1, nextAt: null },
            formerEnd: formerEndOf(report),
          },
        },
        moment,
      );
    case 'running':
      if (phase.readyAtMs <= Math.min(phase.endAtMs, phase.giveUpAtMs)) return ready(proc, nowMs);
      if (phase.endAtMs <= phase.giveUpAtMs && terms.behaviour.end !== null)
        return endedBySelf(proc, terms.behaviour.end.exit, nowMs);
      return stopping(proc, { cause: 'not_ready', causeText: null }, exitStepMs, nowMs);
    case 'ready':
      if (phase.endAtMs <= phase.flapAtMs && terms.behaviour.end !== null)
        return endedBySelf(proc, terms.behaviour.end.exit, nowMs);
      return endedBySelf(proc, { code: 0, signal: null, coreDumped: false }, nowMs);
    case 'stopping':
      return stopped(proc, phase.exit, phase.by, nowMs);
    case 'ended':
      return proc;
    default:
      return assertNever(phase);
  }
}

/** The end that a report tells of, once another run has begun. */
function formerEndOf({
  at,
  status,
  cause,
  causeText,
  endedBy,
  exit,
  stderrTail,
}: ProcReport): FormerEnd | null {
  if (status.kind !== 'Stopped' && status.kind !== 'Killed' && status.kind !== 'Failed') return null;
  return { at, status, cause, causeText, endedBy, exit, stderrTail: stderrTail.slice(-MAX_FORMER_LINES) };
}

function started(proc: SimProc, { nowMs, config }: Moment): SimProc {
  const { spec, behaviour } = proc.terms;
  if (!config.ok) return held(proc, config.fault.message, nowMs);
  if (behaviour.missing !== null) {
    const reason = `could not start: ${behaviour.missing}`;
    const failed = ended(proc, { status: { kind: 'Failed', reason }, startFault: 'not_found' }, nowMs);
    return failed.phase.kind === 'ended' ? failed : giveUpRestart(failed, nowMs);
  }
  const byItself = spec.readiness.kind === 'alive' ? spec.readiness.forMs : 0;
  const readyAfterMs = proc.flap?.everyMs ?? behaviour.readyAfterMs ?? byItself;
  const phase: SimPhase = {
    kind: 'running',
    readyAtMs: nowMs + readyAfterMs,
    giveUpAtMs: spec.readyTimeoutMs === 0 ? Infinity : nowMs + spec.readyTimeoutMs,
    endAtMs: nowMs + (behaviour.end?.afterMs ?? Infinity),
  };
  const running = told(proc, nowMs, phase, {
    status: { kind: 'Running', startedAtMs: nowMs },
    startedAt: nowMs,
    pid: 2 + spec.rank * 1000 + (proc.report.restarts.count % 1000),
    cause: null,
    causeText: null,
    endedBy: null,
    exit: null,
    stderrTail: [],
    configDigest: config.value,
    waitsFor: null,
    adopted: false,
  });
  return { ...running, output: beginRun(proc.output, behaviour, nowMs) };
}

function ready(proc: SimProc, nowMs: number): SimProc {
  const { spec, behaviour } = proc.terms;
  const { startedAt } = proc.report;
  const port = spec.readiness.kind === 'tcp' ? spec.readiness.port : null;
  const everyMs = behaviour.flapsPerSecond > 0 ? 1000 / behaviour.flapsPerSecond : null;
  const wanted = proc.flap ?? (everyMs === null ? null : { everyMs, untilMs: Infinity });
  const flap = wanted !== null && nowMs + wanted.everyMs <= wanted.untilMs ? wanted : null;
  const phase: SimPhase = {
    kind: 'ready',
    sinceMs: nowMs,
    endAtMs: (startedAt ?? nowMs) + (behaviour.end?.afterMs ?? Infinity),
    flapAtMs: nowMs + (flap?.everyMs ?? Infinity),
  };
  const address = port === null ? null : `tcp:127.0.0.1:${port}`;
  return {
    ...told(proc, nowMs, phase, { status: { kind: 'Ready', startedAtMs: startedAt ?? nowMs, address } }),
    flap,
  };
}

/** An end that we did not bring about, whatever the proc was at. */
function endedBySelf(proc: SimProc, exit: ProcExit, nowMs: number): SimProc {
  const { phase, terms } = proc;
  if (phase.kind === 'stopping') return stopped(proc, exit, phase.by, nowMs);
  const status = statusOfExit(exit);
  if (phase.kind !== 'running' || terms.spec.readiness.kind === 'alive')
    return ended(proc, { status, exit }, nowMs);
  const how = exit.signal === null ? `exited with code ${exit.code}` : `killed by ${exit.signal}`;
  return ended(proc, { status: { kind: 'Failed', reason: `${how} before it was ready` }, exit }, nowMs);
}

function stopping(
  proc: SimProc,
  why: { readonly cause: StopCause; readonly causeText: string | null },
  stepMs: number,
  nowMs: number,
): SimProc {
  const { phase, terms, report } = proc;
  const ladder = ladderOf(terms.behaviour, stepMs);
  const endAtMs = phase.kind === 'running' || phase.kind === 'ready' ? phase.endAtMs : Infinity;
  const bySelf = terms.behaviour.end !== null && endAtMs < nowMs + ladder.afterMs;
  return told(
    proc,
    nowMs,
    {
      kind: 'stopping',
      goneAtMs: bySelf ? endAtMs : nowMs + ladder.afterMs,
      by: bySelf ? stepAfter(endAtMs - nowMs, stepMs) : ladder.by,
      exit: bySelf && terms.behaviour.end !== null ? terms.behaviour.end.exit : ladder.exit,
    },
    {
      status: { kind: 'Stopping', startedAtMs: report.startedAt ?? nowMs },
      cause: why.cause,
      causeText: why.causeText,
    },
  );
}

/** How the stop ladder (reference 11) goes: SIGTERM to the leader, to the group, SIGKILL, `stepMs` apart. */
function ladderOf(
  { ignoresTerm, slowStopMs }: SimBehaviour,
  stepMs: number,
): { afterMs: number; by: LadderStep; exit: ProcExit } {
  if (ignoresTerm || (slowStopMs ?? 0) > 2 * stepMs)
    return { afterMs: 2 * stepMs, by: 'SIGKILL', exit: { code: null, signal: 'SIGKILL', coreDumped: false } };
  if (slowStopMs === null)
    return { afterMs: 0, by: 'asked', exit: { code: null, signal: 'SIGTERM', coreDumped: false } };
  return {
    afterMs: slowStopMs,
    by: stepAfter(slowStopMs, stepMs),
    exit: { code: 0, signal: null, coreDumped: false },
  };
}

const stepAfter = (ms: number, stepMs: number): LadderStep => (ms < stepMs ? 'asked' : 'SIGTERM');

function stopped(proc: SimProc, exit: ProcExit, endedBy: LadderStep, nowMs: number): SimProc {
  const { readyTimeoutMs } = proc.terms.spec;
  const reason = `not ready within ${printDuration(readyTimeoutMs)}`;
  const status =
    proc.report.cause === 'not_ready' ? ({ kind: 'Failed', reason } as const) : statusOfExit(exit);
  return ended(proc, { status, exit, endedBy }, nowMs);
}

const statusOfExit = ({ code, signal, coreDumped }: ProcExit): ProcReport['status'] =>
  signal === null ? { kind: 'Stopped', exitCode: code ?? 0 } : { kind: 'Killed', signal, coreDumped };

/** The end of a run, and perhaps the pause before the next. */
function ended(proc: SimProc, end: Partial<ProcReport> & Pick<ProcReport, 'status'>, nowMs: number): SimProc {
  const { terms, phase, report } = proc;
  const { restart } = terms.spec;
  const cause = end.cause ?? report.cause;
  const lasted = phase.kind === 'ready' && nowMs - phase.sinceMs >= restart.resetAfterMs;
  const inRow = lasted ? 0 : proc.restartsInRow;
  const unasked = cause === null || cause === 'not_ready' || cause === 'agent_ended';
  const failed = statusOfProc(end.status, cause).kind === 'Failed';
  const byPolicy = restart.policy === 'always' || (restart.policy === 'on_failure' && failed);
  const mayRestart = proc.flap !== null || (byPolicy && inRow < restart.limit);
  // Without jitter: what is to come can then be told in tests.
  const backoffMs = proc.flap?.everyMs ?? Math.min(restart.backoffMs * 2 ** inRow, restart.maxBackoffMs);
  const restartAtMs = unasked && mayRestart ? Math.round(nowMs + backoffMs) : null;
  const output =
    report.startedAt === null || !isSimProcLive(proc)
      ? proc.output
      : endLine(
          chatterUntil(proc.output, terms.behaviour.chatterPerSecond, report.startedAt, nowMs),
          terms.behaviour,
          nowMs,
        );
  const next: SimPhase = restartAtMs === null ? { kind: 'ended' } : { kind: 'backing_off', restartAtMs };
  return {
    ...told(proc, nowMs, next, {
      pid: null,
      ...end,
      restarts: { count: report.restarts.count, nextAt: restartAtMs },
      stderrTail: stderrTailOf(output, report.startedAt ?? nowMs),
    }),
    output,
    restartsInRow: inRow,
  };
}

function held(proc: SimProc, waitsFor: string, nowMs: number): SimProc {
  if (proc.phase.kind === 'held' && proc.report.waitsFor === waitsFor) return proc;
  const nothing = { pid: null, startedAt: null, exit: null, configDigest: null, stderrTail: [] };
  return told(
    proc,
    nowMs,
    { kind: 'held' },
    { ...nothing, status: { kind: 'Starting' }, cause: null, causeText: null, waitsFor },
  );
}

function neverStarted(
  proc: SimProc,
  { cause, causeText }: { readonly cause: StopCause; readonly causeText: string | null },
  nowMs: number,
): SimProc {
  const status = { kind: 'Failed', reason: `could not start: ${proc.report.waitsFor}` } as const;
  return told(proc, nowMs, { kind: 'ended' }, { status, cause, causeText, waitsFor: null });
}

function giveUpRestart(proc: SimProc, nowMs: number): SimProc {
  const { count } = proc.report.restarts;
  return told(proc, nowMs, { kind: 'ended' }, { restarts: { count, nextAt: null } });
}

function agentRestarted(proc: SimProc, nowMs: number): SimProc {
  if (!isSimProcLive(proc)) return proc;
  if (proc.terms.keep) return told(proc, nowMs, proc.phase, { adopted: true });
  const exit: ProcExit = { code: null, signal: 'SIGKILL', coreDumped: false };
  const status = { kind: 'Failed', reason: 'ended with its host agent' } as const;
  return ended(proc, { status, exit, cause: 'agent_ended' }, nowMs);
}
