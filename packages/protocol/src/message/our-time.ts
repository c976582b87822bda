import type { AnswerResult } from './answer.ts';
import type { AgentEvent } from './event.ts';
import type { ProcReport } from './proc-report.ts';

/** Turns a moment by an agent's clock into the same one by ours. */
type ToOurs = (theirMs: number) => number;

/** An answer with every time of the agent's as one of ours. */
export function answerInOurTime(result: AnswerResult, ours: ToOurs): AnswerResult {
  switch (result.kind) {
    case 'streaming': {
      const { procs, past } = result;
      return {
        ...result,
        ...(procs && { procs: reports(procs, ours) }),
        ...(past && { past: reports(past, ours) }),
      };
    }
    case 'drained':
    case 'shutting_down':
      return result.procs === undefined ? result : { ...result, procs: reports(result.procs, ours) };
    case 'procs_accepted':
    case 'procs_stopping':
      return { ...result, procs: reports(result.procs, ours) };
    case 'proc_states':
      return { ...result, procs: reports(result.procs, ours) };
    case 'proc_state':
      return { ...result, proc: result.proc && reportInOurTime(result.proc, ours) };
    case 'usage':
      return { ...result, procs: result.procs.map((each) => ({ ...each, at: ours(each.at) })) };
    case 'logs':
      return { ...result, entries: result.entries.map((each) => ({ ...each, at: ours(each.at) })) };
    case 'alive':
    case 'client_config_restored':
    case 'client_config_set':
    case 'config_dumped':
    case 'procs_forgotten':
    case 'spawn_checked':
      return result;
    default:
      // A kind of answer that is new here has to say whether it has times.
      return result satisfies never;
  }
}

/** An event, likewise. */
export function eventInOurTime(event: AgentEvent, ours: ToOurs): AgentEvent {
  const { change } = event;
  const at = ours(event.at);
  if (change.kind !== 'proc_changed') return { ...event, at };
  return { ...event, at, change: { ...change, proc: reportInOurTime(change.proc, ours) } };
}

const reports = <T extends ProcReport>(all: readonly T[], ours: ToOurs): T[] =>
  all.map((each) => reportInOurTime(each, ours));

function reportInOurTime<T extends ProcReport>(report: T, ours: ToOurs): T {
  const { at, startedAt, restarts, status } = report;
  return {
    ...report,
    at: ours(at),
    startedAt: startedAt === null ? null : ours(startedAt),
    restarts: { ...restarts, nextAt: restarts.nextAt === null ? null : ours(restarts.nextAt) },
    status: 'startedAtMs' in status ? { ...status, startedAtMs: ours(status.startedAtMs) } : status,
  };
}
