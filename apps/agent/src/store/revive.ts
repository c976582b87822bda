import type { ProcReport } from '@hostmesh/protocol';
import type { SavedProc } from './proc-store.ts';
import { unseenExit } from '../proc/proc-end.ts';
import type { End, AgentProc, ProcState, ProcessRun } from '../proc/agent-proc.ts';

/** Where a proc stood when the earlier agent ended: what the reducer goes on from. */
export const revived = ({ facts, report }: SavedProc, stepMs: number): AgentProc => ({
  facts,
  generation: report.generation,
  atMs: report.at,
  restarts: report.restarts.count,
  formerEnd: report.formerEnd,
  state: stateOf({ facts, report }, stepMs),
});

function stateOf({ report }: SavedProc, stepMs: number): ProcState {
  const { status, restarts } = report;
  const run = runIn(report);
  const stop =
    report.cause === null
      ? null
      : { cause: report.cause, causeText: report.causeText ?? '', stepMs: report.stepMs ?? stepMs };
  // Agents of before have not saved it; then the cause tells.
  const isWanted = stop !== null && stop.cause !== 'not_ready' && stop.cause !== 'agent_ended';
  const forGood = report.forGood || isWanted;
  switch (status.kind) {
    case 'Stopped':
    case 'Killed':
    case 'Failed': {
      const end = endIn(report, status);
      const { leftover } = report;
      if (restarts.nextAt !== null) return { kind: 'waiting', end, nextAtMs: restarts.nextAt, leftover };
      return leftover === 0
        ? { kind: 'ended', end }
        : { kind: 'lingering', end, leftover, stop: null, step: 'SIGTERM' };
    }
    case 'Stopping':
      if (run === null || stop === null) return { kind: 'starting', stop, forGood };
      return { kind: 'stopping', run, stop, step: 'asked', exit: null, endedBy: null, forGood };
    case 'Starting':
    case 'Running':
    case 'Ready':
      if (status.kind === 'Starting' && report.waitsFor !== null)
        return { kind: 'held', reason: report.waitsFor };
      if (run === null) return { kind: 'starting', stop: null, forGood };
      // It had ended by itself when somebody asked for its end.
      if (forGood) return { kind: 'closing', run, stop: null, exit: unseenExit, endedBy: null, forGood };
      return { kind: 'running', run };
    default:
      return status satisfies never;
  }
}

function runIn({
  pid,
  startedAt,
  startTicks,
  readyAtMs,
  status,
  configDigest,
  adopted,
}: SavedProc['report']): ProcessRun | null {
  if (pid === null || startedAt === null || startTicks === null) return null;
  const address = status.kind === 'Ready' ? status.address : null;
  return { pid, startTicks, startedAtMs: startedAt, readyAtMs, address, configDigest, adopted };
}

const endIn = (report: ProcReport, status: End['status']): End => ({
  status,
  startFault: report.startFault,
  cause: report.cause,
  causeText: report.causeText,
  endedBy: report.endedBy,
  exit: report.exit,
  pid: report.pid,
  startedAtMs: report.startedAt,
  stderrTail: report.stderrTail,
  configDigest: report.configDigest,
  adopted: report.adopted,
});
