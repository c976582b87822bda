import { addressSpellings, parseAddress } from '@hostmesh/core';
import type { Transaction } from '../database/transaction.ts';
import type { MeshState } from '../generated/enums.ts';
import {
  MAX_NAMED,
  type EndingProcMeshRecord,
  type EndsRecord,
  type HolderRecord,
  type HostsInUseRecord,
  type RunningRecord,
  type UsedMeshRecord,
} from './ends-record.ts';

/** Hosts as they are known: by address, and by the ids that they told. */
export interface KnownHosts {
  readonly addresses: readonly string[];
  readonly hostIds?: readonly string[];
}

/** Every way in which the addresses may have been written elsewhere. */
export const spellingsOf = (addresses: readonly string[]): string[] =>
  addresses.flatMap((text) => {
    const parsed = parseAddress(text);
    return parsed.ok ? addressSpellings(parsed.value) : [text];
  });

/** One text for all spellings of an address. */
export const endpointOf = (address: string): string => spellingsOf([address])[0] ?? address;

/** What ends when another mesh of these hosts takes the place of a mesh; without hosts, when it is ended. */
export async function findEnds(
  tx: Transaction,
  mesh: { id: string; name: string },
  kept: KnownHosts = { addresses: [] },
): Promise<EndsRecord> {
  const hosts = await tx.meshHost.findMany({
    where: { meshId: mesh.id },
    orderBy: { rank: 'asc' },
    select: { address: true, hostId: true },
  });
  const spellings = new Set(spellingsOf(kept.addresses));
  const ids = new Set(kept.hostIds);
  const letGo = hosts.filter(
    ({ address, hostId }) => !spellings.has(endpointOf(address)) && (hostId === null || !ids.has(hostId)),
  );
  return {
    meshId: mesh.id,
    mesh: mesh.name,
    ...(await findRunning(tx, mesh.id)),
    hostsLetGo: letGo.slice(0, MAX_NAMED).map(({ address }) => address),
    hostsLetGoTotal: letGo.length,
  };
}

/** A host of a live mesh. */
export interface HostUseRecord {
  meshId: string;
  mesh: string;
  rank: number;
  address: string;
  hostId: string | null;
  /** The attempt by which another mesh took it over. */
  takenOverById: string | null;
}

/** Whether there are live meshes besides these: without any, no host is in use. */
export async function hasOthers(tx: Transaction, except: readonly string[]): Promise<boolean> {
  const live = { in: ['attached', 'stopping'] satisfies MeshState[] };
  const other = await tx.mesh.findFirst({
    where: { state: live, id: { notIn: [...except] } },
    select: { id: true },
  });
  return other !== null;
}

/** The uses of hosts by live meshes; those that were taken over from them are left out unless asked for. */
export async function findUses(
  tx: Transaction,
  { addresses, hostIds = [] }: KnownHosts,
  except: readonly string[],
  { evenTakenOver = false } = {},
): Promise<HostUseRecord[]> {
  if (!(await hasOthers(tx, except))) return [];
  const spellings = spellingsOf(addresses);
  return tx.$queryRaw<HostUseRecord[]>`
    SELECT mesh.id AS "meshId", mesh.name AS mesh, host.rank, host.address, host."hostId",
      host."takenOverById"
    FROM "MeshHost" AS host JOIN "Mesh" AS mesh ON mesh.id = host."meshId"
    WHERE mesh.state IN ('attached', 'stopping') AND mesh.id <> ALL (${[...except]}::text[])
      AND (${evenTakenOver} OR host."takenOverById" IS NULL)
      -- Sub-selects are hashed whatever the plan; with arrays, thousands of hosts would be compared one by one.
      AND (host.address IN (SELECT unnest(${spellings}::text[]))
        OR lower(host.address) IN (SELECT unnest(${spellings}::text[]))
        OR host."hostId" IN (SELECT unnest(${[...hostIds]}::text[])))
    ORDER BY mesh."attachedAt", mesh.id, host.rank`;
}

/** The meshes of these uses, with what runs on the hosts in question; null when there are none. */
export async function findInUse(
  tx: Transaction,
  hosts: KnownHosts,
  except: readonly string[],
): Promise<HostsInUseRecord | null> {
  return inUseOf(tx, await findUses(tx, hosts, except));
}

/** The other live meshes that have hosts of this one, and what runs there for them. */
export async function findSharing(tx: Transaction, meshId: string): Promise<HostsInUseRecord | null> {
  if (!(await hasOthers(tx, [meshId]))) return null;
  const hosts = await tx.meshHost.findMany({
    where: { meshId },
    select: { address: true, hostId: true },
  });
  const known = {
    addresses: hosts.map(({ address }) => address),
    hostIds: hosts.flatMap(({ hostId }) => hostId ?? []),
  };
  return inUseOf(tx, await findUses(tx, known, [meshId], { evenTakenOver: true }));
}

/** By host id, the live meshes of other names that hold hosts. */
export async function findHolders(tx: Transaction, name: string): Promise<ReadonlyMap<string, HolderRecord>> {
  const held = await tx.$queryRaw<(HolderRecord & { hostId: string })[]>`
    SELECT host."hostId", mesh.id, mesh.name, host.address, host.incarnation,
      host.health IN ('healthy', 'config_lost') AS "isHeard"
    FROM "MeshHost" AS host JOIN "Mesh" AS mesh ON mesh.id = host."meshId"
    WHERE mesh.state IN ('attached', 'stopping') AND mesh.name <> ${name}
      AND host."takenOverById" IS NULL AND host."hostId" IS NOT NULL`;
  return new Map(held.map(({ hostId, ...holder }) => [hostId, holder]));
}

/** The same of uses that were found before. */
export async function inUseOf(
  tx: Transaction,
  uses: readonly HostUseRecord[],
): Promise<HostsInUseRecord | null> {
  if (uses.length === 0) return null;
  const meshes: UsedMeshRecord[] = [];
  for (const [id, used] of Map.groupBy(uses, ({ meshId }) => meshId)) {
    meshes.push({
      id,
      name: used[0]?.mesh ?? id,
      hosts: used.slice(0, MAX_NAMED).map(({ address }) => address),
      hostsTotal: used.length,
      ...(await findRunning(
        tx,
        id,
        used.map(({ rank }) => rank),
      )),
    });
  }
  return {
    meshes: meshes.slice(0, MAX_NAMED),
    meshesTotal: meshes.length,
    hostsTotal: uses.length,
    procs: meshes.reduce((sum, { procs }) => sum + procs, 0),
  };
}

/** What runs for a mesh, on these of its hosts or on all, as far as we know: procs that may run count. */
async function findRunning(
  tx: Transaction,
  meshId: string,
  hostRanks?: readonly number[],
): Promise<RunningRecord> {
  const running = await tx.$queryRaw<EndingProcMeshRecord[]>`
    SELECT procs.id, procs.name, count(*)::int AS running
    FROM "Proc" AS proc JOIN "ProcMesh" AS procs ON procs.id = proc."procMeshId"
    WHERE procs."meshId" = ${meshId}
      AND (${hostRanks === undefined} OR proc."hostRank" IN (SELECT unnest(${[...(hostRanks ?? [])]}::int[])))
      AND (proc.status NOT IN ('Stopped', 'Failed', 'NotExist') OR proc."nextRestartAt" IS NOT NULL OR proc.leftover > 0
        -- It may have been asked for, and the answer not heard.
        OR (proc.status = 'NotExist' AND procs.state IN ('spawning', 'stopping')))
    GROUP BY procs.id, procs.name, procs."createdAt"
    ORDER BY procs."createdAt", procs.id`;
  return {
    procMeshes: running.slice(0, MAX_NAMED),
    procMeshesTotal: running.length,
    procs: running.reduce((sum, each) => sum + each.running, 0),
  };
}
