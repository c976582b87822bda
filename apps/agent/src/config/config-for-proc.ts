import { fail, ok, shortDigest, type ConfigAttrs, type Fault, type Result } from '@hostmesh/core';
import { installedLayer, type ClientConfig } from './client-config.ts';

/** Which config a proc may be started with, as its client asked for it. */
export interface ConfigNeed {
  /** Null: with none. Undefined: an agent of before has not written it down. */
  readonly configDigest?: string | null | undefined;
  readonly owner: { readonly clientId: string };
  readonly hostMeshId: string;
}

/** What a proc is started with: its values, and the digest under which they were pushed. */
export interface ProcConfigValues {
  readonly digest: string | null;
  readonly values: ConfigAttrs;
}

/** The host does not hold the config of the proc's mesh. */
export type ConfigMissing = Fault<'config_missing'>;

/**
 * The config that a proc is started with now: the one that was asked for, or what the same client has pushed for the same host
 * mesh since. With none, or with somebody else's, a proc is never started.
 */
export function configForProc(
  config: ClientConfig,
  need: ConfigNeed,
): Result<ProcConfigValues, ConfigMissing> {
  if (need.configDigest === null) return ok({ digest: null, values: {} });
  const layer = installedLayer(config);
  if (layer !== null && (layer.digest === need.configDigest || isOfSame(layer.owner, need))) return ok(layer);
  return fail(configMissing(config, need.configDigest));
}

/** Why procs of a spawn that asks for a config cannot be started; null when just that config is installed. */
export function whyNoConfig(config: ClientConfig, { configDigest }: ConfigNeed): ConfigMissing | null {
  const isAsked = configDigest !== null && configDigest !== undefined;
  const isThere = installedLayer(config)?.digest === configDigest;
  return isThere || !isAsked ? null : configMissing(config, configDigest);
}

const isOfSame = (
  owner: { readonly clientId: string; readonly hostMeshId?: string | undefined },
  need: ConfigNeed,
): boolean =>
  owner.clientId === need.owner.clientId &&
  (owner.hostMeshId === undefined || owner.hostMeshId === need.hostMeshId);

function configMissing(config: ClientConfig, digest: string | undefined): ConfigMissing {
  const layer = installedLayer(config);
  const held = layer === null ? 'none' : `${shortDigest(layer.digest)} of ${layer.owner.label}`;
  const needed =
    digest === undefined ? 'the config of its mesh' : `config ${shortDigest(digest)} of its mesh`;
  return { code: 'config_missing', message: `needs ${needed}; its host holds ${held}`.slice(0, 500) };
}
