import { parsePushedAttrs, shadowedBy, shortDigest, type ConfigLayers } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import {
  mayReplace,
  orderOf,
  type AgentChange,
  type AgentFault,
  type AgentReply,
  type AgentRequest,
  type SetClientConfig,
} from '@hostmesh/protocol';
import { installedConfig, installedLayer, type ClientConfig, type ClientLayer } from './client-config.ts';

type RestoreClientConfig = Extract<AgentRequest, { type: 'restore_client_config' }>;

/** The next state, the one answer, and what changed for whoever follows this host. */
export type ConfigStep = readonly [ClientConfig, AgentReply, readonly AgentChange[]];

/**
 * Pushes that can be undone one after the other. A restore needs only the layer below, but attaches of several
 * clients overlap: when the older one fails last, its layer lies under the newer one and must not come back either.
 */
const MAX_LAYERS = 4;

const MAX_MESSAGE_CHARS = 2000;

const refuse = (state: ClientConfig, fault: AgentFault): ConfigStep => [
  state,
  { ok: false, fault: { ...fault, message: fault.message.slice(0, MAX_MESSAGE_CHARS) } },
  [],
];

/**
 * Installs a push (Reference 6.2, Design 7.3): replaces the client layer wholesale and keeps the one before it. `own`
 * are the layers of the host's operator, which win over it. A push that is refused changes nothing.
 */
export function stepPush(state: ClientConfig, push: SetClientConfig, own: ConfigLayers): ConfigStep {
  const { epoch, owner, attrs } = push;
  const order = orderOf(push);
  if (order <= state.seenEpoch || isKnown(state, epoch)) {
    const message = `epoch ${String(order)} is not newer than ${String(state.seenEpoch)}, which this host has seen`;
    return refuse(state, { code: 'stale_epoch', message, epoch: state.seenEpoch });
  }
  const digest = digestOf(attrs);
  if (digest !== push.digest) {
    return refuse(state, {
      code: 'digest_mismatch',
      message: `attrs hash to ${shortDigest(digest)}, not to ${shortDigest(push.digest)}`,
    });
  }
  const parsed = parsePushedAttrs(attrs);
  if (!parsed.ok) {
    const { code, message, errors } = parsed.fault;
    return refuse(state, { code, message, keys: errors.map(({ key }) => key) });
  }
  const previousOwner = installedLayer(state)?.owner ?? null;
  if (previousOwner !== null && !mayReplace(push, previousOwner)) {
    const message = `this host holds the config of ${previousOwner.label}, and is not taken from them`;
    return refuse(state, { code: 'taken_over', message });
  }
  const layer: ClientLayer = { epoch, owner, digest, attrs, ...parsed.value };
  const next = {
    seenEpoch: order,
    layers: [...state.layers, layer].slice(-MAX_LAYERS),
    undone: [],
  };
  const result = {
    kind: 'client_config_set' as const,
    digest,
    epoch: order,
    shadowed: shadowedBy(own, layer.values),
    unknownKeys: [...layer.unknownKeys],
    tookOverFrom: previousOwner?.clientId === owner.clientId ? null : previousOwner,
  };
  return [next, { ok: true, result }, [configChanged(next, own, previousOwner)]];
}

/**
 * Undoes the push of an epoch (Design 7.3). Installed: the layer before it comes back. Under a newer push: that one
 * stays, and the undone one will not come back should the newer be undone too. Never arrived: its place counts as
 * seen, so that it is refused when it does. Asking again gives the same answer, and the same state.
 */
export function stepRestore(
  state: ClientConfig,
  restore: RestoreClientConfig,
  own: ConfigLayers,
): ConfigStep {
  const { epoch } = restore;
  const installed = installedLayer(state);
  const wasInstalled = installed?.epoch === epoch;
  const next: ClientConfig = isKnown(state, epoch)
    ? {
        ...state,
        layers: state.layers.filter((layer) => layer.epoch !== epoch),
        undone: wasInstalled ? [...state.undone, epoch] : state.undone,
      }
    : { ...state, seenEpoch: Math.max(state.seenEpoch, orderOf(restore)) };
  const result = {
    kind: 'client_config_restored' as const,
    outcome: next.undone.includes(epoch) ? ('restored' as const) : ('not_needed' as const),
    config: installedConfig(next, own),
  };
  return [next, { ok: true, result }, wasInstalled ? [configChanged(next, own, installed.owner)] : []];
}

/** Whether the push of this epoch has been here, as far as that is remembered. */
const isKnown = ({ layers, undone }: ClientConfig, epoch: number): boolean =>
  undone.includes(epoch) || layers.some((layer) => layer.epoch === epoch);

const configChanged = (
  state: ClientConfig,
  own: ConfigLayers,
  previousOwner: ClientLayer['owner'] | null,
): AgentChange => ({
  kind: 'client_config_changed',
  config: installedConfig(state, own),
  previousOwner,
});
