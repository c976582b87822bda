import type { AgentReply, AgentRequest, StreamReply } from '@hostmesh/protocol';
import type { AgentProc } from '../proc/agent-proc.ts';
import { reportOf } from '../proc/proc-report.ts';

/** What is worth knowing of a request and its answer; never values of config, environments or output. */
export function fieldsOfRequest(request: AgentRequest, reply: AgentReply | StreamReply): object {
  const asked = {
    request: request.type,
    requestId: request.id,
    ...('epoch' in request ? { epoch: request.epoch } : {}),
    ...('owner' in request ? { clientId: request.owner.clientId, client: request.owner.label } : {}),
    ...('procMeshId' in request ? { procMeshId: request.procMeshId } : {}),
    ...('hostMeshId' in request ? { hostMeshId: request.hostMeshId } : {}),
    ...('procId' in request ? { procId: request.procId } : {}),
    ...('cause' in request ? { cause: request.cause } : {}),
  };
  if (!reply.ok) {
    const { code, message, keys } = reply.fault;
    return { ...asked, outcome: code, reason: message, ...(keys === undefined ? {} : { keys }) };
  }
  return { ...asked, outcome: 'ok', ...fieldsOfResult(reply.result) };
}

function fieldsOfResult(result: Extract<AgentReply, { ok: true }>['result']): object {
  switch (result.kind) {
    case 'client_config_set':
      return {
        digest: result.digest,
        shadowedKeys: result.shadowed.length,
        unknownKeys: result.unknownKeys.length,
        tookOverFrom: result.tookOverFrom?.clientId ?? null,
      };
    case 'client_config_restored':
      return { restore: result.outcome, digest: result.config.digest };
    case 'streaming':
      return { resumed: result.resumed };
    case 'procs_accepted':
    case 'procs_stopping':
      return { procs: result.procs.length };
    case 'drained':
    case 'shutting_down':
      return { ended: result.procs?.length ?? 0 };
    case 'spawn_checked':
      return { refusals: result.refusals.length };
    case 'procs_forgotten':
      return { forgotten: result.count };
    case 'config_dumped':
    case 'alive':
    case 'proc_state':
    case 'proc_states':
    case 'usage':
    case 'logs':
      return {};
    default:
      return result satisfies never;
  }
}

/** A change of a proc in the agent's own log. */
export function fieldsOfProc(proc: AgentProc): object {
  const { procId, procMeshId, generation, status, cause, endedBy, pid, restarts } = reportOf(proc);
  const reason = status.kind === 'Failed' ? { reason: status.reason } : {};
  const end =
    'exitCode' in status
      ? { exitCode: status.exitCode }
      : 'signal' in status
        ? { signal: status.signal }
        : reason;
  return {
    procId,
    procMeshId,
    generation,
    status: status.kind,
    ...end,
    cause,
    endedBy,
    procPid: pid,
    restarts: restarts.count,
  };
}
