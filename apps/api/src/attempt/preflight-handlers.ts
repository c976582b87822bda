import type { PreflightHost } from '@hostmesh/contract';
import { printDuration } from '@hostmesh/core';
import type { Attempts, Meshes, AttemptPlace } from '@hostmesh/db';
import { HostMeshRef, preflight, type PreflightHostReport as Looked } from '@hostmesh/host-mesh';
import type { Owner, Transport } from '@hostmesh/protocol';
import { hostMeshIdOf } from '../agents/stored-names.ts';
import { conflictWith, isAnother } from './admission.ts';
import { planAttach, type AttemptTask, type PlanLimits } from './plan-attach.ts';
import { json, type Handlers } from '../http/route-types.ts';
import { preflightVerdict } from './preflight-verdict.ts';

export interface PreflightDeps extends PlanLimits {
  readonly attempts: Pick<Attempts, 'list'>;
  readonly meshes: Pick<Meshes, 'findPlace' | 'holders'>;
  readonly transport: Transport;
  /** Who we are to the agents. */
  readonly client: Owner;
  readonly concurrency: number;
}

/** Looks at hosts as an attach with the same body would meet them, and sends none of them any config. */
export function preflightHandlers(deps: PreflightDeps): Pick<Handlers, 'preflight'> {
  const { transport, client, concurrency, meshes, attempts } = deps;
  return {
    preflight: async ({ body }) => {
      const planned = planAttach(body, deps);
      if (!planned.ok) return planned;
      const { mesh, hosts, extent, snapshot, timeoutMs } = planned.value;
      const ref = HostMeshRef.fromAddresses(
        hostMeshIdOf(mesh),
        hosts.map(({ address }) => address),
        extent,
      );
      if (!ref.ok) throw new Error(`a plan that was checked is no mesh: ${ref.fault.message}`);
      const report = await preflight(ref.value, {
        transport,
        snapshot,
        owner: client,
        timeoutMs,
        concurrency,
      });
      const addresses = hosts.map(({ text }) => text);
      const claims = await withConflicts(mesh, report.hosts);
      const hostIds = claims.flatMap(({ hello, isAnother }) => (isAnother ? [] : (hello?.hostId ?? [])));
      const place = await meshes.findPlace({ mesh, addresses, hostIds, extent });
      return json({
        digest: report.digest,
        timeout: printDuration(timeoutMs),
        ...judged(claims.map(hostView), place, planned.value, await busyWith(mesh, place)),
      });
    },
  };

  /** Hosts that another mesh hears at another address, and whose ids these only claim, would fail. */
  async function withConflicts(mesh: string, hosts: readonly Looked[]) {
    const holders = await meshes.holders(mesh);
    return hosts.map((host) => {
      const holder = host.hello && holders.get(host.hello.hostId);
      if (!host.hello || !holder) return { ...host, isAnother: false };
      const claimant = { ...host.hello, rank: host.rank, address: host.address };
      if (!isAnother(holder, claimant)) return { ...host, isAnother: false };
      const { message } = conflictWith(holder, claimant);
      const warning = { code: 'host_id_conflict', message, fails: true } as const;
      return { ...host, warnings: [...host.warnings, warning], isAnother: true };
    });
  }

  async function busyWith(mesh: string, place: AttemptPlace): Promise<string | null> {
    if (place.mesh?.state === 'stopping') return `Mesh ${mesh} is being stopped.`;
    const running = await attempts.list({ mesh, state: 'running', limit: 1 });
    const [attempt] = running.ok ? running.value.items : [];
    return attempt === undefined ? null : `Attempt ${attempt.id} is working on mesh ${mesh}.`;
  }
}

/** The counts, and the verdict. */
function judged(hosts: PreflightHost[], place: AttemptPlace, task: AttemptTask, busy: string | null) {
  const count = (is: (host: PreflightHost) => boolean) => hosts.filter(is).length;
  const counts = {
    total: hosts.length,
    reachable: count((host) => host.reachable),
    failed: count((host) => host.wouldFail),
    warned: count((host) => !host.wouldFail && host.warnings.length > 0),
    changed: count((host) => host.changes.length > 0),
  };
  const { replaces, inUse } = place;
  const verdict = preflightVerdict({
    counts,
    shadowed: count((host) => host.shadowedKeys.length > 0),
    replaces,
    inUse,
    pushesTo: place.isSame ? task.mesh : null,
    busy,
    replace: task.replace === true,
    takeOver: task.takeOver === true,
  });
  return { counts, verdict, replaces, inUse, hosts };
}

const hostView = ({ hello, config, ...host }: Looked): PreflightHost => ({
  rank: host.rank,
  address: host.address,
  reachable: hello !== null,
  failure: host.failure,
  wouldFail: host.failure !== null || host.warnings.some(({ fails }) => fails === true),
  hostId: hello?.hostId ?? null,
  hostname: hello?.hostname ?? null,
  agentVersion: hello?.agentVersion ?? null,
  lifecycle: hello?.lifecycle ?? null,
  currentDigest: (config ?? hello?.config)?.digest ?? null,
  owner: (config ?? hello?.config)?.owner?.label ?? null,
  connectMs: host.connectMs,
  changes: [...host.changes],
  shadowedKeys: [...host.shadowedKeys],
  // Those on account of which it would fail come first.
  warnings: host.warnings
    .toSorted((a, b) => Number(b.fails ?? false) - Number(a.fails ?? false))
    .map(({ message }) => message),
});
