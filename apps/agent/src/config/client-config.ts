import { shadowedBy, type ConfigAttrs, type ConfigLayers } from '@hostmesh/core';
import { MAX_KEYS_WITHOUT_EFFECT, type InstalledConfig, type Owner } from '@hostmesh/protocol';

/** One push as it was installed. */
export interface ClientLayer {
  readonly epoch: number;
  readonly owner: Owner;
  /** Of everything that was pushed, unknown keys included. */
  readonly digest: string;
  /** Everything that was pushed. */
  readonly attrs: ConfigAttrs;
  /** What was understood of it: the client layer of the lookups. */
  readonly values: ConfigAttrs;
  readonly unknownKeys: readonly string[];
}

/** What clients have pushed to this host. It is on disk too, and a restarted agent has it again. */
export interface ClientConfig {
  /** The highest place in the order of any push that was installed or undone; what is not above it comes too late. */
  readonly seenEpoch: number;
  /** In the order in which they were installed, without those that were undone. The last one is installed, the others may come back. */
  readonly layers: readonly ClientLayer[];
  /** Pushes that were undone since the last one was installed: undoing them again gets the same answer. */
  readonly undone: readonly number[];
}

/** A host that no client has configured. */
export const noClientConfig: ClientConfig = { seenEpoch: 0, layers: [], undone: [] };

/** The push that is in effect. */
export const installedLayer = (config: ClientConfig): ClientLayer | null => config.layers.at(-1) ?? null;

/**
 * What clients are told of it; `epoch` is the highest one seen, since that is what a new push must exceed. `own` are the
 * layers of the host's operator, which win over it.
 */
export function installedConfig(config: ClientConfig, own: ConfigLayers): InstalledConfig {
  const layer = installedLayer(config);
  return {
    digest: layer?.digest ?? null,
    epoch: config.seenEpoch,
    owner: layer?.owner ?? null,
    withoutEffect: layer === null ? [] : keysWithoutEffect(layer, own),
  };
}

const keysWithoutEffect = ({ values, unknownKeys }: ClientLayer, own: ConfigLayers) =>
  [...shadowedBy(own, values), ...unknownKeys.map((key) => ({ key, layer: null }))].slice(
    0,
    MAX_KEYS_WITHOUT_EFFECT,
  );
