import type { ConfigLayers } from '@hostmesh/core';
import type { AgentEvent, AgentHandler, AgentReply, AgentRequest, StreamReply } from '@hostmesh/protocol';
import type { HostIdentity } from '../host/identity.ts';
import type { AgentMetrics } from '../metrics/metrics.ts';
import { helloOf, initialState, type AgentState } from './state.ts';
import { stepAgent } from './step.ts';

/** Where wide events go. */
export interface EventSink {
  info(fields: object, message: string): void;
}

/** What an agent needs of the world. */
export interface AgentPorts {
  readonly identity: HostIdentity;
  /** The layers of the host's operator. */
  readonly own: ConfigLayers;
  readonly log: EventSink;
  readonly metrics: Pick<AgentMetrics, 'requestAnswered'>;
  /** Milliseconds since 1970, and milliseconds of a clock that nobody sets. */
  readonly clock: { nowMs(): number; monotonicMs(): number };
  /** Sends an event to every client that streams. */
  publish(event: AgentEvent): void;
  /** Called when a client has asked the agent to leave service, before it has its answer. */
  onShutdown(): void;
}

/** One agent apart from its sockets: owns the state, and reports every request in one event. */
export interface Agent extends AgentHandler {
  state(): AgentState;
}

/** Builds an agent that no client has configured. Starts nothing. */
export function createAgent(ports: AgentPorts): Agent {
  const { identity, own, log, metrics, clock } = ports;
  let state = initialState;
  return {
    state: () => state,
    hello: () => helloOf(state, identity),
    request(request, connection) {
      const startedAt = clock.monotonicMs();
      const { incarnation } = identity;
      const [next, reply, events] = stepAgent(state, request, { incarnation, own, nowMs: clock.nowMs() });
      const before = state.lifecycle;
      state = next;
      for (const event of events) ports.publish(event);
      if (request.type === 'shutdown_host') ports.onShutdown();

      const durationMs = clock.monotonicMs() - startedAt;
      metrics.requestAnswered(request.type, reply.ok ? 'ok' : reply.fault.code, durationMs);
      const lifecycle =
        before === state.lifecycle ? {} : { lifecycleBefore: before, lifecycle: state.lifecycle };
      log.info(
        {
          event: 'agent.request',
          connectionId: connection.id,
          ...about(request, reply),
          ...lifecycle,
          durationMs,
        },
        'request',
      );
      return reply;
    },
  };
}

/** What is worth knowing of a request and its answer; never values of config. */
function about(request: AgentRequest, reply: AgentReply | StreamReply): object {
  const asked = {
    request: request.type,
    requestId: request.id,
    ...('epoch' in request ? { epoch: request.epoch } : {}),
    ...('owner' in request ? { clientId: request.owner.clientId, client: request.owner.label } : {}),
  };
  if (!reply.ok) {
    const { code, message, keys } = reply.fault;
    return { ...asked, outcome: code, reason: message, ...(keys === undefined ? {} : { keys }) };
  }
  const { result } = reply;
  switch (result.kind) {
    case 'client_config_set':
      return {
        ...asked,
        outcome: 'ok',
        digest: result.digest,
        shadowedKeys: result.shadowed.length,
        unknownKeys: result.unknownKeys.length,
        tookOverFrom: result.tookOverFrom?.clientId ?? null,
      };
    case 'client_config_restored':
      return { ...asked, outcome: 'ok', restore: result.outcome, digest: result.config.digest };
    case 'streaming':
      return { ...asked, outcome: 'ok', resumed: result.resumed };
    default:
      return { ...asked, outcome: 'ok' };
  }
}
