import { configSources } from '@hostmesh/core';
import { z } from 'zod';

/** The layer that a value comes from (reference section 7.1). */
export const ConfigSourceName = z.enum(configSources);
export type ConfigSourceName = z.infer<typeof ConfigSourceName>;

/** One declared key. Values of secret keys are never shown: they read `[redacted]`. */
export const ConfigKeyInfo = z.object({
  key: z.string(),
  name: z.string(),
  envVar: z.string().nullable(),
  type: z.string(),
  defaultValue: z.string().nullable(),
  propagates: z.boolean(),
  secret: z.boolean(),
  description: z.string(),
});
export type ConfigKeyInfo = z.infer<typeof ConfigKeyInfo>;
/** `GET /config/keys`. */
export const ConfigKeysReply = z.object({ items: z.array(ConfigKeyInfo) });

/** A value that an attach would send, and the layer that it comes from. */
export const SnapshotValue = z.object({ key: z.string(), value: z.string(), source: ConfigSourceName });
/** `GET /config/snapshot`: what an attach would send now. */
export const ConfigSnapshotReply = z.object({
  digest: z.string(),
  /** Size of the canonical JSON that is sent. */
  sizeBytes: z.int(),
  values: z.array(SnapshotValue),
});
export type ConfigSnapshotReply = z.infer<typeof ConfigSnapshotReply>;

/** The dump of reference section 7.3, with every layer that has the key. */
export const HostConfigEntry = z.object({
  name: z.string(),
  key: z.string().nullable(),
  value: z.string(),
  default_value: z.string().nullable(),
  source: ConfigSourceName,
  changed_from_default: z.boolean(),
  env_var: z.string().nullable(),
  layers: z.array(z.object({ source: ConfigSourceName, value: z.string() })),
});
export type HostConfigEntry = z.infer<typeof HostConfigEntry>;

/** What is effective on a host just now. */
export const HostConfigReply = z.object({
  hostId: z.string(),
  address: z.string(),
  digest: z.string().nullable(),
  epoch: z.number(),
  owner: z.string().nullable(),
  entries: z.array(HostConfigEntry),
  /** Pushed keys that this agent's version does not know. */
  unknownKeys: z.array(z.string()),
});
export type HostConfigReply = z.infer<typeof HostConfigReply>;
