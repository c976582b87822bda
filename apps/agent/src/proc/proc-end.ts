import { statusOfProc } from '@hostmesh/core';
import type { ProcExit } from '@hostmesh/protocol';
import type { End, AgentProc, ProcState, ProcessRun, FailedStart, Stop } from './agent-proc.ts';

/** What is known when a process ends while no agent sees it, or when nobody could ask how. */
export const unseenExit: ProcExit = { code: null, signal: null, coreDumped: false };

/** Reason of procs that went with their agent; the restart policy applies to them when it is back. */
const ENDED_WITH_AGENT = 'ended with its host agent';

/** How a process that could not be started has ended. Databases refuse NUL, which a name in the reason may hold. */
export const endOfStart = ({ code, reason }: FailedStart, stop: Stop | null = null): End => ({
  status: { kind: 'Failed', reason: `could not start: ${reason}`.replaceAll('\0', '\uFFFD').slice(0, 2000) },
  startFault: code,
  cause: stop?.cause ?? null,
  causeText: stop?.causeText ?? null,
  endedBy: null,
  exit: null,
  pid: null,
  startedAtMs: null,
  stderrTail: [],
  configDigest: null,
  adopted: false,
});

/** How a process has ended that was there. */
export function endOfRun(
  proc: AgentProc,
  { run, stop, exit, endedBy }: Extract<ProcState, { kind: 'closing' }>,
  stderrTail: readonly string[],
): End {
  return {
    status: statusOfEnd(proc, run, stop, exit, endedBy),
    startFault: null,
    cause: stop?.cause ?? null,
    causeText: stop?.causeText ?? null,
    endedBy,
    exit,
    pid: run.pid,
    startedAtMs: run.startedAtMs,
    stderrTail,
    configDigest: run.configDigest,
    adopted: run.adopted,
  };
}

/** How a process has ended that was gone when its agent came back. */
export const endOfLost = (run: ProcessRun | null, kept: boolean, stderrTail: readonly string[]): End => ({
  status: { kind: 'Failed', reason: kept ? 'ended while its host agent was away' : ENDED_WITH_AGENT },
  startFault: null,
  cause: kept ? null : 'agent_ended',
  causeText: kept ? null : 'its host agent ended without warning',
  endedBy: null,
  exit: run === null ? null : unseenExit,
  pid: run?.pid ?? null,
  startedAtMs: run?.startedAtMs ?? null,
  stderrTail,
  configDigest: run?.configDigest ?? null,
  adopted: false,
});

function statusOfEnd(
  { facts }: AgentProc,
  run: ProcessRun,
  stop: Stop | null,
  { code, signal, coreDumped }: ProcExit,
  endedBy: End['endedBy'],
): End['status'] {
  if (stop?.cause === 'not_ready') return { kind: 'Failed', reason: stop.causeText };
  if (stop?.cause === 'agent_ended') return { kind: 'Failed', reason: ENDED_WITH_AGENT };
  if (signal !== null) return { kind: 'Killed', signal, coreDumped };
  if (code === null) {
    // Only the parent of a process learns its exit, and an adopted one has another parent.
    if (stop === null) return { kind: 'Failed', reason: 'ended; its exit went to the agent that started it' };
    return { kind: 'Killed', signal: endedBy === 'SIGKILL' ? 'SIGKILL' : 'SIGTERM', coreDumped: false };
  }
  if (stop === null && run.readyAtMs === null && facts.spec.readiness.kind !== 'alive') {
    return { kind: 'Failed', reason: `exited with code ${code} before it was ready` };
  }
  return { kind: 'Stopped', exitCode: code };
}

/** Whether the restart policy wants an end undone. What somebody stopped stays ended. */
export function wantsRestart({ facts, restarts }: AgentProc, end: End): boolean {
  const { policy, limit } = facts.spec.restart;
  if (policy === 'never' || restarts >= limit) return false;
  if (end.cause !== null && end.cause !== 'not_ready' && end.cause !== 'agent_ended') return false;
  return policy === 'always' || statusOfProc(end.status, end.cause).kind === 'Failed';
}

/** The pause before a restart: doubles with every one in a row, up to the limit, off by up to a fifth either way. */
export function restartPauseMs({ facts, restarts }: AgentProc, random: number): number {
  const { backoffMs, maxBackoffMs } = facts.spec.restart;
  const pauseMs = Math.min(backoffMs * 2 ** restarts, maxBackoffMs);
  return Math.min(Math.round(pauseMs * (0.8 + 0.4 * random)), maxBackoffMs);
}
