import { fail, ok, shortDigest, type Fault, type Result } from '@hostmesh/core';
import {
  isSameOwner,
  mayReplace,
  orderOf,
  type InstalledConfig,
  type KeyWithoutEffect,
  type Owner,
  type PlaceInOrder,
  type SetClientConfig,
} from '@hostmesh/protocol';

/** A config that some client pushed. */
export interface PushedConfig {
  readonly epoch: number;
  readonly digest: string;
  readonly owner: Owner;
  readonly attrs: Readonly<Record<string, string>>;
  /** Keys that the host does not know, or that a layer of its own wins over. */
  readonly withoutEffect: readonly KeyWithoutEffect[];
}

/** What clients have pushed to one host, by the rules of our agents (design section 7.3). */
export interface SimClientLayers {
  /** The highest place in the order of all pushes and restores. */
  readonly seenEpoch: number;
  /** In the order in which they were installed, without those that were undone; the last one is installed, the others may come back. */
  readonly pushed: readonly PushedConfig[];
  /** Epochs that were undone since the last push: undoing them again gets the same answer. */
  readonly undone: readonly number[];
}

/** Nothing pushed yet. */
export const noLayers: SimClientLayers = { seenEpoch: 0, pushed: [], undone: [] };

/** As many pushes as an agent can undo one after the other. */
const MAX_LAYERS = 4;

/** The push that is in effect. */
export const currentConfig = ({ pushed }: SimClientLayers): PushedConfig | null => pushed.at(-1) ?? null;

/**
 * Takes a push that is newer than everything seen; an older or repeated one is a `stale_epoch` fault. One that may not replace
 * what it meets is `taken_over`.
 */
export function pushToLayers(
  layers: SimClientLayers,
  config: PushedConfig,
  terms: Pick<SetClientConfig, 'onlyOwn' | 'abandoned' | 'heardEpoch'> = {},
): Result<{ layers: SimClientLayers; tookOverFrom: Owner | null }, Fault & { epoch?: number }> {
  const { epoch, owner } = config;
  const { seenEpoch, pushed } = layers;
  const order = orderOf({ ...terms, epoch });
  if (order <= seenEpoch || isKnown(layers, epoch)) {
    return fail({
      code: 'stale_epoch',
      message: `epoch ${order} is not newer than ${seenEpoch}`,
      epoch: seenEpoch,
    });
  }
  const before = currentConfig(layers)?.owner ?? null;
  if (before !== null && !mayReplace({ ...terms, owner }, before))
    return fail({ code: 'taken_over', message: `this host holds the config of ${before.label}` });
  return ok({
    layers: { seenEpoch: order, pushed: [...pushed, config].slice(-MAX_LAYERS), undone: [] },
    tookOverFrom: before?.clientId === owner.clientId ? null : before,
  });
}

/**
 * Undoes the push of `epoch`, or has it refused should it still arrive. One that lies under a newer push does not
 * come back when that is undone too. Repeating it changes nothing.
 */
export function restoreInLayers(
  layers: SimClientLayers,
  { epoch, ...rest }: PlaceInOrder,
): { readonly layers: SimClientLayers; readonly outcome: 'restored' | 'not_needed' } {
  const undone = currentConfig(layers)?.epoch === epoch ? [...layers.undone, epoch] : layers.undone;
  const order = orderOf({ epoch, ...rest });
  const seenEpoch = isKnown(layers, epoch) ? layers.seenEpoch : Math.max(layers.seenEpoch, order);
  const pushed = layers.pushed.filter((config) => config.epoch !== epoch);
  return {
    layers: { seenEpoch, pushed, undone },
    outcome: undone.includes(epoch) ? 'restored' : 'not_needed',
  };
}

const isKnown = ({ pushed, undone }: SimClientLayers, epoch: number): boolean =>
  undone.includes(epoch) || pushed.some((config) => config.epoch === epoch);

/**
 * The config that a proc is started with now, as our agents choose it: the one that it needs, or what the same client has pushed
 * since for the same mesh. A fault when the host has neither.
 */
export function configForSimProc(
  layers: SimClientLayers,
  need: { readonly configDigest: string | null; readonly owner: Owner; readonly hostMeshId: string },
): Result<string | null, Fault> {
  const { configDigest, owner, hostMeshId } = need;
  const current = currentConfig(layers);
  if (configDigest === null) return ok(null);
  const isUsable =
    current?.digest === configDigest ||
    (current !== null && isSameOwner(current.owner, { ...owner, hostMeshId }));
  if (current !== null && isUsable) return ok(current.digest);
  const holds = current === null ? 'none' : shortDigest(current.digest);
  const message = `needs config ${shortDigest(configDigest)} of its mesh; its host holds ${holds}`;
  return fail({ code: 'config_missing', message });
}

/** The layers as hosts tell them: in hello, keepalive and restore answers. */
export function simInstalledConfig(layers: SimClientLayers): InstalledConfig {
  const current = currentConfig(layers);
  return {
    digest: current?.digest ?? null,
    epoch: layers.seenEpoch,
    owner: current?.owner ?? null,
    withoutEffect: [...(current?.withoutEffect ?? [])],
  };
}
