import { assertNever, dumpConfig, withLayer, type ConfigLayers } from '@hostmesh/core';
import type {
  AgentChange,
  AgentEvent,
  AgentReply,
  AgentRequest,
  Lifecycle,
  StreamReply,
} from '@hostmesh/protocol';
import { installedConfig, installedLayer } from '../config/client-config.ts';
import { stepPush, stepRestore } from '../config/step.ts';
import { eventsAfter, recordChanges } from '../event/event-log.ts';
import { stepLifecycle, type LifecycleEvent } from '../lifecycle/lifecycle.ts';
import type { AgentState } from './state.ts';

/** What stays the same while an agent runs, and the time. */
export interface StepContext {
  readonly incarnation: string;
  /** The layers of the host's operator. */
  readonly own: ConfigLayers;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

type Reply = AgentReply | StreamReply;
type Answered = readonly [AgentState, Reply, readonly AgentChange[]];

/** Answers a request: the next state, the one reply, and the events for whoever streams (Reference 8.2). */
export function stepAgent(
  state: AgentState,
  request: AgentRequest,
  context: StepContext,
): readonly [AgentState, Reply, readonly AgentEvent[]] {
  const [answered, reply, changes] = answer(state, request, context);
  const [log, events] = recordChanges(answered.log, changes, context.nowMs);
  return [{ ...answered, log }, reply, events];
}

function answer(state: AgentState, request: AgentRequest, context: StepContext): Answered {
  const { lifecycle } = state;
  switch (request.type) {
    case 'set_client_config': {
      if (lifecycle === 'shutdown') {
        const message = 'the agent is leaving service and takes no config';
        return [state, { ok: false, fault: { code: 'wrong_lifecycle', message } }, []];
      }
      const [config, reply, changes] = stepPush(state.config, request, context.own);
      return [{ ...state, config }, reply, changes];
    }
    case 'restore_client_config': {
      const [config, reply, changes] = stepRestore(state.config, request);
      return [{ ...state, config }, reply, changes];
    }
    case 'config_dump':
      return [state, dump(state, context.own), []];
    case 'keepalive': {
      const result = { kind: 'alive' as const, lifecycle, config: installedConfig(state.config) };
      return [state, { ok: true, result }, []];
    }
    case 'stream_state':
      return [state, stream(state, request.after, context.incarnation), []];
    case 'drain_host':
      // No proc runs on a host yet, so that a drain is over as soon as it begins.
      return move(state, ['drain_requested', 'drained'], { kind: 'drained' });
    case 'shutdown_host':
      return move(state, ['shutdown_requested'], { kind: 'shutting_down' });
    case 'spawn_procs':
    case 'stop_procs':
    case 'get_state':
    case 'get_host_proc_states':
    case 'wait_status':
    case 'list_procs':
    case 'get_usage':
    case 'read_logs':
    case 'forget_procs': {
      const message = `this agent has no request ${request.type}`;
      return [state, { ok: false, fault: { code: 'unknown_request', message } }, []];
    }
    default:
      return assertNever(request);
  }
}

function move(
  state: AgentState,
  events: readonly LifecycleEvent[],
  result: Extract<AgentReply, { ok: true }>['result'],
): Answered {
  const passed: Lifecycle[] = [];
  const lifecycle = events.reduce((before, event) => {
    const after = stepLifecycle(before, event);
    if (after !== before) passed.push(after);
    return after;
  }, state.lifecycle);
  const changes = passed.map((each) => ({ kind: 'lifecycle_changed' as const, lifecycle: each }));
  return [{ ...state, lifecycle }, { ok: true, result }, changes];
}

function dump({ config }: AgentState, own: ConfigLayers): AgentReply {
  const layer = installedLayer(config);
  return {
    ok: true,
    result: {
      kind: 'config_dumped',
      config: installedConfig(config),
      entries: dumpConfig(withLayer(own, 'ClientOverride', layer?.values ?? {})),
      unknownKeys: [...(layer?.unknownKeys ?? [])],
    },
  };
}

/** Resumes after the last event that the client applied, if that was one of this incarnation and all since are kept. */
function stream(
  { lifecycle, config, log }: AgentState,
  after: { incarnation: string; seq: number } | null,
  incarnation: string,
): StreamReply {
  const replay = after?.incarnation === incarnation ? eventsAfter(log, after.seq) : undefined;
  const result = {
    kind: 'streaming' as const,
    resumed: replay !== undefined,
    seq: log.lastSeq,
    lifecycle,
    config: installedConfig(config),
  };
  return { ok: true, result, ...(replay === undefined ? {} : { replay }) };
}
