import { z } from 'zod';

export const configLayers = ['TestOverride', 'Env', 'Runtime', 'File', 'ClientOverride', 'Default'] as const;
export const ConfigLayer = z.enum(configLayers);
export type ConfigLayer = z.infer<typeof ConfigLayer>;

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
export const ConfigKeysReply = z.object({ items: z.array(ConfigKeyInfo) });

export const SnapshotValue = z.object({ key: z.string(), value: z.string(), source: ConfigLayer });
export const ConfigSnapshotReply = z.object({
  digest: z.string(),
  /** Size of the canonical JSON that is sent. */
  sizeBytes: z.int(),
  values: z.array(SnapshotValue),
});
export type ConfigSnapshotReply = z.infer<typeof ConfigSnapshotReply>;

/** The dump of reference section 7.3, with every layer that has the key. */
export const ConfigDumpEntry = z.object({
  name: z.string(),
  key: z.string().nullable(),
  value: z.string(),
  default_value: z.string().nullable(),
  source: ConfigLayer,
  changed_from_default: z.boolean(),
  env_var: z.string().nullable(),
  layers: z.array(z.object({ source: ConfigLayer, value: z.string() })),
});
export type ConfigDumpEntry = z.infer<typeof ConfigDumpEntry>;

export const HostConfigReply = z.object({
  hostId: z.string(),
  address: z.string(),
  digest: z.string().nullable(),
  epoch: z.number(),
  owner: z.string().nullable(),
  entries: z.array(ConfigDumpEntry),
  /** Pushed keys that this agent's version does not know. */
  unknownKeys: z.array(z.string()),
});
export type HostConfigReply = z.infer<typeof HostConfigReply>;
