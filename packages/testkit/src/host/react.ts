import { dumpConfig, emptyLayers, withLayer } from '@hostmesh/core';
import type { SimFault } from '../fault/fault.ts';
import { currentConfig, installedConfig, restoreConfig } from './client-layers.ts';
import { deliveryOf, mishapOf, reactToPush } from './push.ts';
import { type Reaction, result, served } from './reaction.ts';
import type { RequestFrame } from './request-frame.ts';
import type { HostState } from './state.ts';

/** What a host with this fault makes of a request: the state that it is in afterwards, and what it does. */
export function react(state: HostState, fault: SimFault, frame: RequestFrame): [HostState, Reaction] {
  if (fault.kind === 'hang_after_accept' || fault.kind === 'hang_after_hello')
    return [state, { kind: 'silent' }];
  if (frame.kind === 'push') return reactToPush({ ...state, pushes: state.pushes + 1 }, fault, frame);
  const { request } = frame;
  switch (request.type) {
    case 'restore_client_config': {
      const { layers, outcome } = restoreConfig(state.layers, request.epoch);
      const restored = state.restored || currentConfig(layers) !== currentConfig(state.layers);
      return [
        { ...state, layers, restored },
        result({ kind: 'client_config_restored', outcome, config: installedConfig(layers) }),
      ];
    }
    case 'config_dump': {
      const config = installedConfig(state.layers);
      const pushed = withLayer(emptyLayers, 'ClientOverride', currentConfig(state.layers)?.attrs ?? {});
      return [state, result({ kind: 'config_dumped', config, entries: dumpConfig(pushed), unknownKeys: [] })];
    }
    case 'spawn_procs':
      return mishapOf(state, fault) ?? [state, spawnReaction(fault)];
    default:
      return [state, served];
  }
}

const spawnReaction = (fault: SimFault): Reaction => ({
  kind: 'serve',
  delivery: deliveryOf(fault),
  lost: fault.kind === 'drop_after_install',
});
