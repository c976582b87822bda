import { randomUUID } from 'node:crypto';
import { arch, availableParallelism, hostname, platform, totalmem } from 'node:os';
import type { Hello } from '@hostmesh/protocol';
import type { HostIdentity } from './host-id.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** Who this agent is, and on what it runs. */
export interface OwnIdentity extends HostIdentity {
  /** New at every start. */
  readonly incarnation: string;
  readonly agentVersion: string;
  readonly hostname: string;
  readonly platform: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly containment: Hello['containment'];
  readonly runAs: Hello['runAs'];
}

/** The identity of an agent that starts now, as the host that its data directory makes it. */
export const identityOf = (
  host: HostIdentity,
  told: Pick<OwnIdentity, 'containment' | 'runAs'>,
): OwnIdentity => ({
  ...host,
  incarnation: `inc_${randomUUID()}`,
  agentVersion: packageJson.version,
  hostname: hostname(),
  platform: `${platform()} ${arch()}`,
  cpus: availableParallelism(),
  memoryBytes: totalmem(),
  ...told,
});
