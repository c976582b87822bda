import { z } from 'zod';
import { Ends, HostsInUse } from './ends.ts';
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
  /** Whether an attach would fail on it, by what could be seen; `failure` or the first warning says why. */
  wouldFail: z.boolean(),
  hostId: z.string().nullable(),
  hostname: z.string().nullable(),
  agentVersion: z.string().nullable(),
  /** As of a host of a mesh. */
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

/**
 * The one judgement, told alike by dashboard and command line.
 * - `would_fail`: an attach with this body would be refused, or fail
 * - `warnings`: it can go ahead; there is something to look at before
 * - `fine`: nothing stands against it
 */
export const PreflightVerdict = z.object({
  kind: z.enum(['would_fail', 'warnings', 'fine']),
  summary: z.string(),
  /** Everything that there is to say, what is worst first. */
  sentences: z.array(z.string()),
});
export type PreflightVerdict = z.infer<typeof PreflightVerdict>;

/** `POST /preflight`: the snapshot that an attach would send, and what each host would make of it. */
export const PreflightReply = z.object({
  digest: z.string(),
  timeout: z.string(),
  counts: z.object({
    total: z.int(),
    reachable: z.int(),
    /** On which an attach would fail. */
    failed: z.int(),
    warned: z.int(),
    changed: z.int(),
  }),
  verdict: PreflightVerdict,
  /** What an attach would end of a mesh of this name; null when it would end nothing. */
  replaces: Ends.nullable(),
  /** From which other meshes it would take hosts over. */
  inUse: HostsInUse.nullable(),
  /** In rank order. */
  hosts: z.array(PreflightHost),
});
export type PreflightReply = z.infer<typeof PreflightReply>;

/** What is wrong first: hosts on which an attach would fail, then those with something to look at, then the others. */
export function worstFirst(hosts: readonly PreflightHost[]): PreflightHost[] {
  const order = ({ wouldFail, warnings }: PreflightHost) => (wouldFail ? 0 : warnings.length > 0 ? 1 : 2);
  return hosts.toSorted((a, b) => order(a) - order(b));
}
