import { assertNever, type ProcStatus } from '@hostmesh/core';
import { MAX_FORMER_LINES, type FormerEnd, type ProcReport } from '@hostmesh/protocol';
import type { End, AgentProc, ProcessRun, Stop } from './agent-proc.ts';

/** What clients are told of a proc. */
export function reportOf(proc: AgentProc): ProcReport {
  const { facts, generation, atMs, restarts, formerEnd, state } = proc;
  const { spec, procMeshId, hostMeshId, keep } = facts;
  return {
    procId: spec.procId,
    procMeshId,
    hostMeshId,
    rank: spec.rank,
    generation,
    at: atMs,
    ...present(proc),
    restarts: { count: restarts, nextAt: state.kind === 'waiting' ? state.nextAtMs : null },
    waitsFor: waitsFor(state),
    formerEnd,
    keep,
  };
}

function waitsFor(state: AgentProc['state']): string | null {
  if (state.kind === 'held') return state.reason;
  return state.kind === 'running' ? (state.waitsFor ?? null) : null;
}

type Present = Pick<
  ProcReport,
  | 'status'
  | 'startFault'
  | 'leftover'
  | 'cause'
  | 'causeText'
  | 'endedBy'
  | 'exit'
  | 'pid'
  | 'startedAt'
  | 'stderrTail'
  | 'configDigest'
  | 'adopted'
>;

function present({ state, atMs }: AgentProc): Present {
  switch (state.kind) {
    case 'starting':
      return state.stop === null
        ? ofNothing({ kind: 'Starting' }, null)
        : ofNothing({ kind: 'Stopping', startedAtMs: atMs }, state.stop);
    case 'held':
      return ofNothing({ kind: 'Starting' }, null);
    case 'running':
      return ofRun(state.run, null);
    case 'stopping':
    case 'closing':
      return ofRun(state.run, state.stop);
    case 'waiting':
    case 'lingering':
      return ofEnd(state.end, state.leftover);
    case 'ended':
      return ofEnd(state.end, 0);
    default:
      return assertNever(state);
  }
}

const ofNothing = (status: ProcStatus, stop: Stop | null): Present => ({
  status,
  startFault: null,
  leftover: 0,
  cause: stop?.cause ?? null,
  causeText: stop?.causeText ?? null,
  endedBy: null,
  exit: null,
  pid: null,
  startedAt: null,
  stderrTail: [],
  configDigest: null,
  adopted: false,
});

/** A report without the last lines of output of its runs, which are what is long of it. */
export const withoutTails = <T extends ProcReport>(report: T): T => ({
  ...report,
  stderrTail: [],
  formerEnd: report.formerEnd && { ...report.formerEnd, stderrTail: [] },
});

/** An end as it is told of once the next run has begun. */
export const formerEndOf = (
  { status, cause, causeText, endedBy, exit, stderrTail }: End,
  atMs: number,
): FormerEnd => ({
  at: atMs,
  status,
  cause,
  causeText,
  endedBy,
  exit,
  stderrTail: stderrTail.slice(-MAX_FORMER_LINES),
});

/** A process that is still there is `Stopping` once somebody wants it gone; one that ends by itself stays what it was. */
function ofRun(run: ProcessRun, stop: Stop | null): Present {
  const { pid, startedAtMs, readyAtMs, address, configDigest, adopted } = run;
  const alive: ProcStatus =
    readyAtMs === null ? { kind: 'Running', startedAtMs } : { kind: 'Ready', startedAtMs, address };
  const status: ProcStatus = stop === null ? alive : { kind: 'Stopping', startedAtMs };
  return { ...ofNothing(status, stop), pid, startedAt: startedAtMs, configDigest, adopted };
}

const ofEnd = ({ startedAtMs, stderrTail, ...end }: End, leftover: number): Present => ({
  ...end,
  leftover,
  startedAt: startedAtMs,
  stderrTail: [...stderrTail],
});
