import { dumpConfig, emptyLayers, withLayer } from '@hostmesh/core';
import type { SimFault } from '../fault/fault.ts';
import { currentConfig, installedConfig, restoreConfig } from './client-layers.ts';
import { reactToPush } from './push.ts';
import { type Reaction, refusal, result } from './reaction.ts';
import type { RequestFrame } from './request-frame.ts';
import { type HostState, incarnationOf } from './state.ts';

/** What a host with this fault makes of a request: the state that it is in afterwards, and what it does. */
export function react(state: HostState, fault: SimFault, frame: RequestFrame): [HostState, Reaction] {
  if (fault.kind === 'hang_after_accept' || fault.kind === 'hang_after_hello')
    return [state, { kind: 'silent' }];
  if (frame.kind === 'push') return reactToPush({ ...state, pushes: state.pushes + 1 }, fault, frame);
  const { request } = frame;
  const { lifecycle, seq } = state;
  const config = installedConfig(state.layers);
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
      const pushed = withLayer(emptyLayers, 'ClientOverride', currentConfig(state.layers)?.attrs ?? {});
      return [state, result({ kind: 'config_dumped', config, entries: dumpConfig(pushed), unknownKeys: [] })];
    }
    case 'keepalive':
      return [state, result({ kind: 'alive', lifecycle, config })];
    case 'stream_state': {
      // Old events are not kept: whoever missed any starts from what is now.
      const resumed = request.after?.incarnation === incarnationOf(state) && request.after.seq === seq;
      return [state, result({ kind: 'streaming', resumed, seq, lifecycle, config })];
    }
    case 'drain_host':
      return [state, result({ kind: 'drained' })];
    case 'shutdown_host':
      return [{ ...state, lifecycle: 'shutdown' }, result({ kind: 'shutting_down' })];
    default:
      return [state, refusal({ code: 'unknown_request', message: `no request ${request.type}` })];
  }
}
