import { z } from 'zod';
import { ShadowedKey } from './attempt/attempt.ts';
import { ConfigPushFailure } from './attempt/config-push-failure.ts';

/** How one key would change on a host; `from` is null when the host's pushed layer lacks the key. */
export const ConfigChange = z.object({
  key: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type ConfigChange = z.infer<typeof ConfigChange>;

/** What a preflight learned of one host. No config was sent to it. */
export const PreflightHost = z.object({
  rank: z.int(),
  address: z.string(),
  reachable: z.boolean(),
  failure: ConfigPushFailure.nullable(),
  hostId: z.string().nullable(),
  hostname: z.string().nullable(),
  agentVersion: z.string().nullable(),
  lifecycle: z.string().nullable(),
  currentDigest: z.string().nullable(),
  /** Label of the client whose config is installed there now. */
  owner: z.string().nullable(),
  connectMs: z.number().nullable(),
  /** Changes of effective values that an attach would make on this host. */
  changes: z.array(ConfigChange),
  shadowedKeys: z.array(ShadowedKey),
  /** Things to look at before attaching: loopback or wildcard address, same host twice, another owner. */
  warnings: z.array(z.string()),
});
export type PreflightHost = z.infer<typeof PreflightHost>;

/** `POST /preflight`: the snapshot that an attach would send, and what each host would make of it. */
export const PreflightReply = z.object({
  digest: z.string(),
  timeout: z.string(),
  counts: z.object({
    total: z.int(),
    reachable: z.int(),
    failed: z.int(),
    warned: z.int(),
    changed: z.int(),
  }),
  hosts: z.array(PreflightHost),
});
export type PreflightReply = z.infer<typeof PreflightReply>;
