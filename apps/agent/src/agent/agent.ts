import {
  configValue,
  MESH_BOOTSTRAP_ENABLE_PDEATHSIG,
  PROCESS_EXIT_TIMEOUT,
  withLayer,
  type ConfigLayers,
} from '@hostmesh/core';
import type {
  AgentEvent,
  AgentHandler,
  AgentReply,
  AgentRequest,
  ProcReport,
  StreamReply,
} from '@hostmesh/protocol';
import { installedLayer } from '../config/client-config.ts';
import { recordChanges } from '../event/event-log.ts';
import type { ProcHooks } from '../host-procs/create.ts';
import { fitFrame, fitPast } from '../host-procs/fit-frame.ts';
import type { HostProcs } from '../host-procs/host-procs.ts';
import type { HostIdentity } from '../host/identity.ts';
import type { LifecycleEvent } from '../lifecycle/lifecycle.ts';
import type { AgentMetrics } from '../metrics/metrics.ts';
import type { Proc } from '../proc/proc.ts';
import { reportOf } from '../proc/report.ts';
import { aboutProc, aboutRequest } from './about.ts';
import { endWork } from './end-work.ts';
import { answerProcRequest, type ProcRequestPorts } from './proc-requests.ts';
import { helloOf, initialState, type AgentState } from './state.ts';
import { stepAgent, stepAgentLifecycle, type StateRequest } from './step.ts';

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
  readonly metrics: Pick<AgentMetrics, 'requestAnswered' | 'procChanged'>;
  /** Milliseconds since 1970, and milliseconds of a clock that nobody sets. */
  readonly clock: { nowMs(): number; monotonicMs(): number };
  readonly programs: ProcRequestPorts['programs'];
  createProcs(hooks: ProcHooks): HostProcs;
  /** Sends an event to every client that streams. */
  publish(event: AgentEvent): void;
  /** Called when a client has asked the agent to leave service, before it has its answer. */
  onShutdown(): void;
}

/** One agent apart from its sockets: owns the state, and reports every request in one event. */
export interface Agent extends AgentHandler {
  state(): AgentState;
  procs(): HostProcs;
  /** Takes over what an agent before has left. To be done before it serves. */
  recover(): Promise<void>;
  /** Ends what does not outlive the agent. */
  leave(reason: string, options: { readonly endKept: boolean }): Promise<void>;
}

/** Builds an agent that no client has configured. Starts nothing. */
export function createAgent(ports: AgentPorts): Agent {
  const { identity, own, log, metrics, clock } = ports;
  let state = initialState;
  const layers = () => withLayer(own, 'ClientOverride', installedLayer(state.config)?.values ?? {});
  const stepMs = () => configValue(layers(), PROCESS_EXIT_TIMEOUT);

  const took = ([next, events]: readonly [AgentState, readonly AgentEvent[]]) => {
    state = next;
    for (const event of events) ports.publish(event);
  };
  const move = (event: LifecycleEvent) => {
    const before = state.lifecycle;
    took(stepAgentLifecycle(state, event, clock.nowMs()));
    if (state.lifecycle === before) return;
    log.info({ event: 'agent.lifecycle', lifecycleBefore: before, lifecycle: state.lifecycle }, 'lifecycle');
  };
  const procChanged = (proc: Proc) => {
    const [events, published] = recordChanges(
      state.log,
      [{ kind: 'proc_changed', proc: reportOf(proc) }],
      clock.nowMs(),
    );
    took([{ ...state, log: events }, published]);
    metrics.procChanged(proc);
    log.info({ event: 'agent.proc', ...aboutProc(proc) }, 'proc');
  };

  const procs = ports.createProcs({
    changed: procChanged,
    stepMs,
    clientValues: () => installedLayer(state.config)?.values ?? {},
    parentDeathSignal: () => configValue(layers(), MESH_BOOTSTRAP_ENABLE_PDEATHSIG),
  });
  const work = endWork({ procs, layers, move });
  const context = () => ({
    incarnation: identity.incarnation,
    own,
    nowMs: clock.nowMs(),
    procs: () => fitFrame(procs.all().map(({ report }) => report)),
    past: (told: readonly ProcReport[]) =>
      fitPast(
        procs.all().flatMap(({ past }) => past),
        told,
      ),
    vouch: (meshes: Parameters<HostProcs['vouch']>[0]) => procs.vouch(meshes),
  });
  const procPorts: ProcRequestPorts = {
    procs,
    work,
    programs: ports.programs,
    lifecycle: () => state.lifecycle,
    move,
    lastSeq: () => state.log.lastSeq,
    stepMs,
    onShutdown: () => ports.onShutdown(),
  };
  const answerState = (request: StateRequest): AgentReply | StreamReply => {
    const [next, reply, events] = stepAgent(state, request, context());
    took([next, events]);
    return reply;
  };

  return {
    state: () => state,
    procs: () => procs,
    hello: () => helloOf(state, identity),
    async recover() {
      await procs.recover();
      if (procs.count > 0) move('proc_created');
    },
    leave: (reason, options) => work.leave(reason, options),
    request(request, connection) {
      const startedAt = clock.monotonicMs();
      const report = <T extends AgentReply | StreamReply>(reply: T): T => {
        const durationMs = clock.monotonicMs() - startedAt;
        metrics.requestAnswered(request.type, reply.ok ? 'ok' : reply.fault.code, durationMs);
        const about = aboutRequest(request, reply);
        log.info({ event: 'agent.request', connectionId: connection.id, ...about, durationMs }, 'request');
        return reply;
      };
      if (isOfState(request)) return report(answerState(request));
      const reply = answerProcRequest(request, procPorts, connection);
      return reply instanceof Promise ? reply.then(report) : report(reply);
    },
  };
}

function isOfState(request: AgentRequest): request is StateRequest {
  switch (request.type) {
    case 'set_client_config':
    case 'restore_client_config':
    case 'config_dump':
    case 'keepalive':
    case 'stream_state':
      return true;
    default:
      return false;
  }
}
