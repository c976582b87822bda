import { dumpConfig, emptyLayers, withLayer } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import type { AgentFault, AgentReply, AnswerResult } from '@hostmesh/protocol';
import type { SimFault } from '../fault/sim-fault.ts';
import {
  currentConfig,
  pushToLayers,
  restoreInLayers,
  simInstalledConfig,
  type PushedConfig,
} from './client-layers.ts';
import type { RequestFrame } from './request-frame.ts';
import { restarted, type SimHostState } from './sim-host-state.ts';

/** How an answer gets onto the wire. */
export type SimDelivery =
  | { readonly kind: 'at_once' }
  | { readonly kind: 'twice' }
  | { readonly kind: 'late'; readonly afterMs: number }
  | { readonly kind: 'drip'; readonly overMs: number };

/** What a host does on the wire about a request. */
export type SimReaction =
  | { readonly kind: 'silent' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'restart' }
  /** The request is for the procs of the host, or about its events; `lost`: done, but the connection ends instead. */
  | { readonly kind: 'serve'; readonly delivery: SimDelivery; readonly lost: boolean }
  | { readonly kind: 'answer'; readonly reply: AgentReply; readonly delivery: SimDelivery };

/** The rest of the host is to answer, as a healthy one does. */
const served: SimReaction = { kind: 'serve', delivery: { kind: 'at_once' }, lost: false };

const answer = (reply: AgentReply): SimReaction => ({ kind: 'answer', reply, delivery: { kind: 'at_once' } });

/** An answer as a healthy host gives it. */
const result = (of: AnswerResult): SimReaction => answer({ ok: true, result: of });

/** A refusal as a healthy host gives it. */
const refusal = (fault: AgentFault): SimReaction => answer({ ok: false, fault });

/** What a host with this fault makes of a request: the state that it is in afterwards, and what it does. */
export function react(
  state: SimHostState,
  fault: SimFault,
  frame: RequestFrame,
): [SimHostState, SimReaction] {
  if (fault.kind === 'hang_after_accept' || fault.kind === 'hang_after_hello')
    return [state, { kind: 'silent' }];
  if (frame.kind === 'push') return reactToPush({ ...state, pushes: state.pushes + 1 }, fault, frame);
  const { request } = frame;
  switch (request.type) {
    case 'restore_client_config': {
      const { layers, outcome } = restoreInLayers(state.layers, request);
      const restored = state.restored || currentConfig(layers) !== currentConfig(state.layers);
      return [
        { ...state, layers, restored },
        result({ kind: 'client_config_restored', outcome, config: simInstalledConfig(layers) }),
      ];
    }
    case 'config_dump': {
      const config = simInstalledConfig(state.layers);
      const pushed = withLayer(emptyLayers, 'ClientOverride', currentConfig(state.layers)?.attrs ?? {});
      return [state, result({ kind: 'config_dumped', config, entries: dumpConfig(pushed), unknownKeys: [] })];
    }
    case 'spawn_procs':
      return mishapOf(state, fault) ?? [state, spawnReaction(fault)];
    default:
      return [state, served];
  }
}

const spawnReaction = (fault: SimFault): SimReaction => ({
  kind: 'serve',
  delivery: deliveryOf(fault),
  lost: fault.kind === 'drop_after_install',
});

type PushFrame = Extract<RequestFrame, { kind: 'push' }>;

/** What becomes of a push or a spawn that a fault keeps from being carried out; null when none does. */
function mishapOf(state: SimHostState, fault: SimFault): [SimHostState, SimReaction] | null {
  switch (fault.kind) {
    case 'restart':
      return [restarted(state), { kind: 'restart' }];
    case 'drop_before_install':
      return [state, { kind: 'drop' }];
    case 'garbage':
      return [state, { kind: 'garbage' }];
    case 'reject':
      return [state, refusal({ code: fault.code, message: 'the simulated host refuses' })];
    default:
      return null;
  }
}

/** What a host with this fault makes of a push. */
function reactToPush(state: SimHostState, fault: SimFault, frame: PushFrame): [SimHostState, SimReaction] {
  const mishap = mishapOf(state, fault);
  if (mishap !== null) return mishap;
  switch (fault.kind) {
    case 'drop_after_install':
      return [install(state, frame, frame.request)[0], { kind: 'drop' }];
    case 'wrong_digest':
      return install(state, frame, { ...frame.request, ...altered(frame) });
    case 'shadow':
      return install(state, frame, frame.request, Object.keys(frame.request.attrs).slice(0, 1));
    default: {
      const [after, reaction] = install(state, frame, frame.request);
      return [after, reaction.kind === 'answer' ? { ...reaction, delivery: deliveryOf(fault) } : reaction];
    }
  }
}

function install(
  state: SimHostState,
  frame: PushFrame,
  config: Omit<PushedConfig, 'withoutEffect'>,
  shadowedKeys: readonly string[] = [],
): [SimHostState, SimReaction] {
  if (frame.fault !== null) return [state, refusal(frame.fault)];
  const shadowed = shadowedKeys.map((key) => ({ key, layer: 'Env' as const }));
  const unknown = frame.unknownKeys.map((key) => ({ key, layer: null }));
  const installing = { ...config, withoutEffect: [...shadowed, ...unknown] };
  const pushed = pushToLayers(state.layers, installing, frame.request);
  if (!pushed.ok) return [state, refusal(pushed.fault)];
  const { layers, tookOverFrom } = pushed.value;
  return [
    { ...state, layers, restored: false },
    result({
      kind: 'client_config_set',
      digest: config.digest,
      epoch: layers.seenEpoch,
      shadowed,
      unknownKeys: [...frame.unknownKeys],
      tookOverFrom,
    }),
  ];
}

/** The same config with a key that nobody sent. */
function altered({ request }: PushFrame): Pick<PushedConfig, 'attrs' | 'digest'> {
  const attrs = { ...request.attrs, ADDED_BY_THE_HOST: '1' };
  return { attrs, digest: digestOf(attrs) };
}

/** How a host with this fault brings its answer. */
function deliveryOf(fault: SimFault): SimDelivery {
  switch (fault.kind) {
    case 'answer_twice':
      return { kind: 'twice' };
    case 'answer_late':
      return { kind: 'late', afterMs: fault.afterMs };
    case 'slow_drip':
      return { kind: 'drip', overMs: fault.overMs };
    default:
      return { kind: 'at_once' };
  }
}
