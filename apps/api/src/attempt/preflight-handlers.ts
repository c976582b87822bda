import type { PreflightHost, PreflightReply } from '@hostmesh/contract';
import { printDuration } from '@hostmesh/core';
import {
  HostMeshRef,
  preflight,
  type EpochSource,
  type PreflightHostReport as Looked,
} from '@hostmesh/host-mesh';
import type { Owner, Transport } from '@hostmesh/protocol';
import { hostMeshIdOf } from '../agents/stored-names.ts';
import { planAttach, type PlanLimits } from './plan-attach.ts';
import { json, type Handlers } from '../http/route-types.ts';

export interface PreflightDeps extends PlanLimits {
  readonly transport: Transport;
  /** Who we are to the agents. */
  readonly client: Owner;
  readonly epochs: EpochSource;
  readonly concurrency: number;
}

/** Looks at hosts as an attach with the same body would meet them, and sends none of them any config. */
export function preflightHandlers(deps: PreflightDeps): Pick<Handlers, 'preflight'> {
  const { transport, client, epochs, concurrency } = deps;
  return {
    preflight: async ({ body }) => {
      const planned = planAttach(body, deps);
      if (!planned.ok) return planned;
      const { mesh, hosts, extent, snapshot, timeoutMs } = planned.value;
      const addresses = hosts.map(({ address }) => address);
      const ref = HostMeshRef.fromAddresses(hostMeshIdOf(mesh), addresses, extent);
      if (!ref.ok) throw new Error(`a plan that was checked is no mesh: ${ref.fault.message}`);
      const epoch = epochs.next();
      const report = await preflight(ref.value, {
        transport,
        snapshot,
        owner: client,
        epoch,
        timeoutMs,
        concurrency,
      });
      epochs.observe(report.observedEpoch);
      return json(replyOf(report.digest, timeoutMs, report.hosts.map(hostView)));
    },
  };
}

function replyOf(digest: string, timeoutMs: number, hosts: PreflightHost[]): PreflightReply {
  const count = (is: (host: PreflightHost) => boolean) => hosts.filter(is).length;
  return {
    digest,
    timeout: printDuration(timeoutMs),
    counts: {
      total: hosts.length,
      reachable: count((host) => host.reachable),
      failed: count((host) => host.failure !== null),
      warned: count((host) => host.warnings.length > 0),
      changed: count((host) => host.changes.length > 0),
    },
    hosts,
  };
}

const hostView = ({ hello, config, ...host }: Looked): PreflightHost => ({
  rank: host.rank,
  address: host.address,
  reachable: hello !== null,
  failure: host.failure,
  hostId: hello?.hostId ?? null,
  hostname: hello?.hostname ?? null,
  agentVersion: hello?.agentVersion ?? null,
  lifecycle: hello?.lifecycle ?? null,
  currentDigest: (config ?? hello?.config)?.digest ?? null,
  owner: (config ?? hello?.config)?.owner?.label ?? null,
  connectMs: host.connectMs,
  changes: [...host.changes],
  shadowedKeys: [...host.shadowedKeys],
  warnings: host.warnings.map(({ message }) => message),
});
