import { z } from 'zod';
import { HostTime, InstalledConfig, Lifecycle, text } from './common.ts';

/** The host that a data directory belonged to before it was copied or moved, and in words how that shows. */
export const FormerHost = z.object({ hostId: z.string().min(1).max(100), reason: z.string().max(5000) });
export type FormerHost = z.infer<typeof FormerHost>;

/** What an agent says first on every connection. */
export const Hello = z.object({
  type: z.literal('hello'),
  protocolVersion: z.int(),
  agentVersion: z.string().max(100),
  /** Stable over restarts: kept in the agent's data directory. */
  hostId: z.string().min(1).max(100),
  /** Whose data directory it found at its first start as this host; null for one that was new. */
  former: FormerHost.nullable(),
  /** New at every start of the agent. */
  incarnation: z.string().min(1).max(100),
  lifecycle: Lifecycle,
  config: InstalledConfig,
  hostname: z.string().max(255),
  platform: z.string().max(100),
  cpus: z.int().min(0).max(1_000_000),
  memoryBytes: z.int().min(0),
  /**
   * How the agent tells which processes belong to a proc: by a cgroup of version 2 for each, which `detail` names the place
   * of, or by group, session and environment, and `detail` is why.
   */
  containment: z.object({ kind: z.enum(['cgroup', 'environment']), detail: text(500) }),
  /**
   * Users that procs run as, as commands name them, the first by default; none: the agent is root, and starts nothing.
   * `sharesAgent`: procs of some of them could read the files and the memory of the agent.
   */
  runAs: z.object({ users: z.array(text(200)).max(100), sharesAgent: z.boolean() }),
  /** Sequence number of the last event that this incarnation has sent to anybody. */
  lastSeq: z.int().min(0),
  time: HostTime,
});
export type Hello = z.infer<typeof Hello>;
