import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { InstalledConfig, Owner } from '@hostmesh/protocol';

/** A config that some client pushed. */
export interface PushedConfig {
  readonly epoch: number;
  readonly digest: string;
  readonly owner: Owner;
  readonly attrs: Readonly<Record<string, string>>;
}

/**
 * The pushed config layer of one host, with the layer before it kept for one restore (design section 7.3).
 * `seenEpoch` is the highest of all pushes and restores; `restoredEpoch` the push that was undone last.
 */
export interface ClientLayer {
  readonly seenEpoch: number;
  readonly restoredEpoch: number | null;
  readonly current: PushedConfig | null;
  readonly previous: PushedConfig | null;
}

/** Nothing pushed yet: how every incarnation starts. */
export const emptyLayer: ClientLayer = { seenEpoch: 0, restoredEpoch: null, current: null, previous: null };

/** Takes a push that is newer than everything seen; an older or repeated one is a `stale_epoch` fault. */
export function pushConfig(
  layer: ClientLayer,
  pushed: PushedConfig,
): Result<{ layer: ClientLayer; tookOverFrom: Owner | null }, Fault & { epoch: number }> {
  const { seenEpoch, current } = layer;
  if (pushed.epoch <= seenEpoch) {
    const message = `epoch ${pushed.epoch} is not newer than ${seenEpoch}`;
    return fail({ code: 'stale_epoch', message, epoch: seenEpoch });
  }
  const before = current?.owner ?? null;
  return ok({
    layer: { seenEpoch: pushed.epoch, restoredEpoch: null, current: pushed, previous: current },
    tookOverFrom: before?.clientId === pushed.owner.clientId ? null : before,
  });
}

/** Undoes the push of `epoch`, or has it refused should it still arrive. Repeating it changes nothing. */
export function restoreConfig(
  layer: ClientLayer,
  epoch: number,
): { readonly layer: ClientLayer; readonly outcome: 'restored' | 'not_needed' } {
  if (layer.current?.epoch === epoch) {
    const before = { current: layer.previous, previous: null };
    return { layer: { ...layer, ...before, restoredEpoch: epoch }, outcome: 'restored' };
  }
  return {
    layer: { ...layer, seenEpoch: Math.max(layer.seenEpoch, epoch) },
    outcome: layer.restoredEpoch === epoch ? 'restored' : 'not_needed',
  };
}

/** The layer as hosts tell it: in hello, keepalive and restore answers. */
export function installedConfig({ current, seenEpoch }: ClientLayer): InstalledConfig {
  return { digest: current?.digest ?? null, epoch: seenEpoch, owner: current?.owner ?? null };
}
