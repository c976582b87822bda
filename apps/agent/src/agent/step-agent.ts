import { assertNever, dumpConfig, withLayer, type ConfigLayers } from '@hostmesh/core';
import {
  PROTOCOL_VERSION,
  type AgentChange,
  type AgentEvent,
  type AgentReply,
  type AgentRequest,
  type Hello,
  type HostTime,
  type Lifecycle,
  type ProcReport,
  type StreamReply,
} from '@hostmesh/protocol';
import {
  installedConfig,
  installedLayer,
  noClientConfig,
  type ClientConfig,
} from '../config/client-config.ts';
import { stepPush, stepRestore, type ConfigStep } from '../config/step-client-config.ts';
import type { OwnIdentity } from '../host/identity.ts';
import { emptyEventLog, eventsAfter, recordChanges, type EventLog } from './event-log.ts';
import { stepLifecycle, type LifecycleEvent } from './step-lifecycle.ts';

/** Everything that requests can change. */
export interface AgentState {
  readonly lifecycle: Lifecycle;
  readonly config: ClientConfig;
  readonly log: EventLog;
}

/** Of an agent that has just started. */
export const initialState: AgentState = {
  lifecycle: 'detached',
  config: noClientConfig,
  log: emptyEventLog,
};

/** What is said first on every connection. */
export const helloOf = (
  state: AgentState,
  { time, ...identity }: OwnIdentity & Pick<Hello, 'time'>,
  own: ConfigLayers,
): Hello => ({
  type: 'hello',
  protocolVersion: PROTOCOL_VERSION,
  ...identity,
  lifecycle: state.lifecycle,
  config: installedConfig(state.config, own),
  lastSeq: state.log.lastSeq,
  time,
});

/** What requests are answered from besides the state. */
export interface StepContext {
  readonly incarnation: string;
  /** The layers of the host's operator. */
  readonly own: ConfigLayers;
  readonly time: HostTime;
  /** The procs of the host, for a client that starts to follow it. */
  procs(): ProcReport[];
  /** What they were before, as much of it as has room beside `procs`. */
  past(procs: readonly ProcReport[]): ProcReport[];
  /** Prolongs what a client vouches for; returns the proc meshes that the host has no procs of. */
  vouch(procMeshes: NonNullable<Extract<AgentRequest, { type: 'keepalive' }>['procMeshes']>): string[];
}

const stateRequestTypes = ['config_dump', 'keepalive', 'stream_state'] as const;

/** Requests that are answered from the agent's own state, at once. */
export type StateRequest = Extract<AgentRequest, { type: (typeof stateRequestTypes)[number] }>;

export const isStateRequest = (request: AgentRequest): request is StateRequest =>
  stateRequestTypes.some((type) => type === request.type);

/** Requests that change the pushed config, which is on disk before they are answered. The others are about procs. */
export type ConfigRequest = Extract<AgentRequest, { type: 'set_client_config' | 'restore_client_config' }>;

export const isConfigRequest = (request: AgentRequest): request is ConfigRequest =>
  request.type === 'set_client_config' || request.type === 'restore_client_config';

/** What a push or restore comes to; the very same config when it changes nothing. */
export function stepConfig(
  { lifecycle, config }: AgentState,
  request: ConfigRequest,
  own: ConfigLayers,
): ConfigStep {
  if (request.type === 'restore_client_config') return stepRestore(config, request, own);
  if (lifecycle !== 'shutdown') return stepPush(config, request, own);
  const message = 'the agent is leaving service and takes no config';
  return [config, { ok: false, fault: { code: 'wrong_lifecycle', message } }, []];
}

/** The state with another config, and the events for whoever streams. */
export function withConfig(
  state: AgentState,
  config: ClientConfig,
  changes: readonly AgentChange[],
  nowMs: number,
): readonly [AgentState, readonly AgentEvent[]] {
  const [log, events] = recordChanges(state.log, changes, nowMs);
  return [{ ...state, config, log }, events];
}

/** Moves the agent through its life; the events are empty when that changes nothing. */
export function stepAgentLifecycle(
  state: AgentState,
  event: LifecycleEvent,
  nowMs: number,
): readonly [AgentState, readonly AgentEvent[]] {
  const lifecycle = stepLifecycle(state.lifecycle, event);
  if (lifecycle === state.lifecycle) return [state, []];
  const [log, events] = recordChanges(state.log, [{ kind: 'lifecycle_changed', lifecycle }], nowMs);
  return [{ ...state, lifecycle, log }, events];
}

type Reply = AgentReply | StreamReply;

/** Answers a request, which changes nothing (Reference 8.2). */
export function answerState(state: AgentState, request: StateRequest, context: StepContext): Reply {
  const { lifecycle } = state;
  switch (request.type) {
    case 'config_dump':
      return dump(state, context.own);
    case 'keepalive': {
      const result = {
        kind: 'alive' as const,
        time: context.time,
        lifecycle,
        config: installedConfig(state.config, context.own),
      };
      const { procMeshes } = request;
      if (procMeshes === undefined) return { ok: true, result };
      const unknownProcMeshes = context.vouch(procMeshes);
      return { ok: true, result: { ...result, unknownProcMeshes } };
    }
    case 'stream_state':
      return stream(state, request, context);
    default:
      return assertNever(request);
  }
}

function dump({ config }: AgentState, own: ConfigLayers): AgentReply {
  const layer = installedLayer(config);
  return {
    ok: true,
    result: {
      kind: 'config_dumped',
      config: installedConfig(config, own),
      entries: dumpConfig(withLayer(own, 'ClientOverride', layer?.values ?? {})),
      unknownKeys: [...(layer?.unknownKeys ?? [])],
    },
  };
}

/** Resumes after the last event that the client applied, if that was one of this incarnation and all since are kept. */
function stream(
  { lifecycle, config, log }: AgentState,
  { after, withPast }: Extract<StateRequest, { type: 'stream_state' }>,
  { incarnation, own, ...context }: StepContext,
): StreamReply {
  const replay = after?.incarnation === incarnation ? eventsAfter(log, after.seq) : undefined;
  const result = {
    kind: 'streaming' as const,
    resumed: replay !== undefined,
    seq: log.lastSeq,
    lifecycle,
    config: installedConfig(config, own),
  };
  if (replay !== undefined) return { ok: true, result, replay };
  const procs = context.procs();
  return { ok: true, result: { ...result, procs, ...(withPast && { past: context.past(procs) }) } };
}
