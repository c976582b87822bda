import {
  PROTOCOL_VERSION,
  type AgentChange,
  type Hello,
  type HostTime,
  type Lifecycle,
} from '@hostmesh/protocol';
import { currentConfig, noLayers, simInstalledConfig, type SimClientLayers } from './client-layers.ts';

/** Everything that a simulated host remembers. */
export interface SimHostState {
  readonly hostId: string;
  readonly starts: number;
  readonly lifecycle: Lifecycle;
  readonly layers: SimClientLayers;
  /** Pushes that reached the host, whatever became of them. */
  readonly pushes: number;
  /** Whether a restore has undone the latest push that was installed. */
  readonly restored: boolean;
}

/** A host that has just started for the first time. */
export const newSimHost = (hostId: string): SimHostState => ({
  hostId,
  starts: 1,
  lifecycle: 'detached',
  layers: noLayers,
  pushes: 0,
  restored: false,
});

/** The same host after its process died and came back: its config was on disk, unless that is gone too. */
export const restarted = (state: SimHostState, lost: SimLoss = 'nothing'): SimHostState => ({
  ...newSimHost(state.hostId),
  layers: lost === 'config' ? noLayers : state.layers,
  starts: state.starts + 1,
  pushes: state.pushes,
});

/** What a host does not have again after a restart. */
export type SimLoss = 'nothing' | 'config';

/** New at every start of the host. */
export const incarnationOf = (state: SimHostState): string => `${state.hostId}.${state.starts}`;

/** The only user that procs of a simulated host run as. */
export const SIM_USER = 'sim';

/** What the host says first on every connection; `lastSeq` is the number of its last event. */
export const simHello = (state: SimHostState, lastSeq: number): Hello => ({
  type: 'hello',
  protocolVersion: PROTOCOL_VERSION,
  agentVersion: '0.0.0-simulated',
  hostId: state.hostId,
  former: null,
  incarnation: incarnationOf(state),
  lifecycle: state.lifecycle,
  config: simInstalledConfig(state.layers),
  hostname: state.hostId,
  platform: 'simulated',
  cpus: 8,
  memoryBytes: 16 * 2 ** 30,
  containment: { kind: 'cgroup', detail: '/sys/fs/cgroup' },
  runAs: { users: [SIM_USER], sharesAgent: false },
  lastSeq,
  time: simTime(),
});

/** Simulated hosts have right clocks. */
export const simTime = (): HostTime => ({ agentMs: Date.now(), hostMs: Date.now() });

/** The event that takes listeners from one state to the next, if there is anything to tell. */
export function changeBetween(before: SimHostState, after: SimHostState): AgentChange | null {
  if (before.lifecycle !== after.lifecycle) return { kind: 'lifecycle_changed', lifecycle: after.lifecycle };
  if (currentConfig(before.layers) === currentConfig(after.layers)) return null;
  return {
    kind: 'client_config_changed',
    config: simInstalledConfig(after.layers),
    previousOwner: currentConfig(before.layers)?.owner ?? null,
  };
}
