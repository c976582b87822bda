import type { Hello, Lifecycle } from '@hostmesh/protocol';
import { PROTOCOL_VERSION } from '@hostmesh/protocol';
import { installedConfig, noClientConfig, type ClientConfig } from '../config/client-config.ts';
import { emptyEventLog, type EventLog } from '../event/event-log.ts';
import type { HostIdentity } from '../host/identity.ts';

/** Everything that requests can change. */
export interface AgentState {
  readonly lifecycle: Lifecycle;
  readonly config: ClientConfig;
  readonly log: EventLog;
}

export const initialState: AgentState = {
  lifecycle: 'detached',
  config: noClientConfig,
  log: emptyEventLog,
};

/** What is said first on every connection. */
export const helloOf = (state: AgentState, identity: HostIdentity): Hello => ({
  type: 'hello',
  protocolVersion: PROTOCOL_VERSION,
  ...identity,
  lifecycle: state.lifecycle,
  config: installedConfig(state.config),
  lastSeq: state.log.lastSeq,
});
