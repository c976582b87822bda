import { takenOverText } from '@hostmesh/contract';
import type { HealthCountsRecord, MeshHostRecord } from '@hostmesh/db';
import type { HostObservation } from '@hostmesh/host-mesh';
import type { Hello, Owner } from '@hostmesh/protocol';
import { takenOverView } from './mesh-view.ts';

/**
 * A host's row after an observation. What was known of a host that has not been heard since we began to watch it
 * stays: a host never gets forgotten by falling silent.
 */
export function observedRow(row: MeshHostRecord, observation: HostObservation): MeshHostRecord {
  const { health, reason, since, lastHeardAt, hello, lifecycle, config, hostId, foundHostId } = observation;
  // This replica has not heard it yet: the stored row says more, unless it was of a host that was given up.
  if (health === 'connecting' && (hostId !== null || row.hostId === null)) return row;
  if (row.takenOver !== null && (health === 'healthy' || health === 'config_lost')) {
    // Even while it happens to hold the same config: what it is given next is another mesh's to say.
    const taken = {
      ...observation,
      health: 'config_lost',
      reason: takenOverText(takenOverView(row.takenOver)),
    } as const;
    return { ...observedRow({ ...row, takenOver: null }, taken), takenOver: row.takenOver };
  }
  return {
    ...row,
    health,
    reason,
    hostId,
    foundHostId,
    clockOffsetMs: offsetOf(observation) ?? row.clockOffsetMs,
    since: health === row.health ? row.since : new Date(since),
    lastHeardAt: lastHeardAt === null ? row.lastHeardAt : new Date(lastHeardAt),
    ...(hello && {
      incarnation: hello.incarnation,
      agentVersion: hello.agentVersion,
      hostname: hello.hostname,
      platform: hello.platform,
      cpus: hello.cpus,
      memoryBytes: hello.memoryBytes,
      containment: containmentText(hello.containment),
      runsAs: runsAsText(hello.runAs),
      lifecycle,
      configDigest: config?.digest ?? null,
      // Of another config it is no news what has no effect.
      withoutEffect: health === 'config_lost' ? [] : (config?.withoutEffect ?? []),
    }),
  };
}

/** What is certain of it: a slow round trip shows no small offset. */
function offsetOf({ clockOffset }: HostObservation): number | null {
  if (clockOffset === null) return null;
  const { offsetMs, errorMs } = clockOffset;
  return Math.round(Math.sign(offsetMs) * Math.max(0, Math.abs(offsetMs) - errorMs));
}

/** How the agent tells the processes of procs, for people. */
const containmentText = ({ kind, detail }: Hello['containment']): string =>
  kind === 'cgroup' ? `a cgroup for each: ${detail}` : `group, session and environment: ${detail}`;

/** Whom procs run as, for people, and what these can do to their agent. */
function runsAsText({ users, sharesAgent }: Hello['runAs']): string {
  if (users.length === 0) return 'nobody: the agent is root, and was not told whom procs run as (--run-as)';
  return `${users.join(', ')}${sharesAgent ? ': they can read the files and the memory of the agent' : ''}`;
}

/** The other mesh of ours whose config a host holds that is not taken over; null when it holds no other's. */
export function strayOf(
  { health, lifecycle, config }: HostObservation,
  row: MeshHostRecord | undefined,
  client: Owner,
  meshId: string,
): string | null {
  if (health !== 'config_lost' || lifecycle === 'shutdown' || row?.takenOver !== null) return null;
  const { clientId, hostMeshId = meshId } = config?.owner ?? {};
  return clientId === client.clientId && hostMeshId !== meshId ? hostMeshId : null;
}

/** Whether a host answers and holds nothing, or something else that we gave it for this mesh. */
export function isLost(
  { health, lifecycle, config }: HostObservation,
  row: MeshHostRecord | undefined,
  client: Owner,
  meshId: string,
): boolean {
  if (health !== 'config_lost' || lifecycle === 'shutdown' || row === undefined || row.takenOver !== null)
    return false;
  const owner = config?.owner ?? null;
  if (owner === null) return true;
  return owner.clientId === client.clientId && (owner.hostMeshId ?? meshId) === meshId;
}

/** How many hosts are in which health. */
export function countRows(rows: readonly MeshHostRecord[]): HealthCountsRecord {
  const counts = {
    total: rows.length,
    connecting: 0,
    healthy: 0,
    configLost: 0,
    unreachable: 0,
    replaced: 0,
    released: 0,
    withoutEffect: 0,
    keysWithoutEffect: 0,
  };
  for (const { health, withoutEffect } of rows) {
    counts[health === 'config_lost' ? 'configLost' : health] += 1;
    if (withoutEffect.length > 0) counts.withoutEffect += 1;
    counts.keysWithoutEffect = Math.max(counts.keysWithoutEffect, withoutEffect.length);
  }
  return counts;
}
