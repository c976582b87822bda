import { randomUUID } from 'node:crypto';
import { arch, availableParallelism, hostname, platform, totalmem } from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };

/** Who this agent is, and on what it runs. */
export interface OwnIdentity {
  /** Stable over restarts. */
  readonly hostId: string;
  /** New at every start. */
  readonly incarnation: string;
  readonly agentVersion: string;
  readonly hostname: string;
  readonly platform: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** The identity of an agent that starts now, under the id that its host keeps. */
export const identityOf = (hostId: string): OwnIdentity => ({
  hostId,
  incarnation: `inc_${randomUUID()}`,
  agentVersion: packageJson.version,
  hostname: hostname(),
  platform: `${platform()} ${arch()}`,
  cpus: availableParallelism(),
  memoryBytes: totalmem(),
});
