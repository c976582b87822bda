import type { Fault } from '@hostmesh/core';
import type { ExtentRecord } from '../database/row-shapes.ts';
import type { Transaction } from '../database/transaction.ts';
import type { EndsRecord, HostsInUseRecord } from './ends-record.ts';
import { endpointOf, findEnds, findInUse, type KnownHosts } from './find-ends.ts';

/** A mesh of the name has other hosts, or another shape: what would end with it. */
export type MeshExistsFault = Fault<'mesh_exists'> & { ends: EndsRecord };
/** Other live meshes use some of the hosts. */
export type HostsInUseFault = Fault<'hosts_in_use'> & { inUse: HostsInUseRecord };

/** What an attempt is about to be given: a name, or a mesh that exists, and hosts. */
export interface WantedPlace extends KnownHosts {
  readonly mesh: string;
  /** Of a push, the mesh that it goes to. */
  readonly meshId?: string | undefined;
  readonly extent: ExtentRecord;
}

/** What stands in the place that an attempt is for. */
export interface AttemptPlace {
  /** The live mesh of the name, or of a push any that it names. */
  readonly mesh: { readonly id: string; readonly name: string; readonly state: string } | undefined;
  /** Whether that mesh has these very hosts in this order and shape, so that it is pushed to in place. */
  readonly isSame: boolean;
  /** What ends when another mesh takes its place; null when none does. */
  readonly replaces: EndsRecord | null;
  /** The other live meshes that use some of the hosts. */
  readonly inUse: HostsInUseRecord | null;
}

/**
 * Looks at the place that an attempt is for. Locks the mesh in it against a stop, a shutdown and a replacement that begin
 * at the same moment; see `beginEnd`.
 */
export async function findPlace(tx: Transaction, wanted: WantedPlace): Promise<AttemptPlace> {
  const [mesh] = await tx.$queryRaw<FoundMesh[]>`
    SELECT id, name, state::text, "extentLabels" AS labels, "extentSizes" AS sizes FROM "Mesh"
    WHERE CASE WHEN ${wanted.meshId ?? null}::text IS NULL
               THEN name = ${wanted.mesh} AND state IN ('attached', 'stopping')
               ELSE id = ${wanted.meshId ?? null} END
    FOR SHARE`;
  const inUse = await findInUse(tx, wanted, mesh === undefined ? [] : [mesh.id]);
  if (mesh === undefined) return { mesh, isSame: false, replaces: null, inUse };
  const isSame = wanted.meshId !== undefined || (await hasSameHosts(tx, mesh, wanted));
  return { mesh, isSame, replaces: isSame ? null : await findEnds(tx, mesh, wanted), inUse };
}

/** Why an attempt with these permissions may not have the place; undefined when it may. */
export function placeFaultOf(
  { mesh, replaces, inUse }: AttemptPlace,
  { replace = false, takeOver = false }: { replace?: boolean | undefined; takeOver?: boolean | undefined },
): MeshExistsFault | HostsInUseFault | undefined {
  if (replaces !== null && !replace) {
    const message = `Mesh ${mesh?.name} is attached with other hosts or another shape`;
    return { code: 'mesh_exists', message, ends: replaces };
  }
  if (inUse !== null && !takeOver) {
    return { code: 'hosts_in_use', message: 'Other meshes use some of the hosts', inUse };
  }
  return undefined;
}

interface FoundMesh extends ExtentRecord {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

/** Whether the mesh has the same hosts in the same order and shape, however their addresses are spelled. */
async function hasSameHosts(tx: Transaction, mesh: FoundMesh, wanted: WantedPlace): Promise<boolean> {
  const { labels, sizes } = wanted.extent;
  if (String(mesh.labels) !== String(labels) || String(mesh.sizes) !== String(sizes)) return false;
  const hosts = await tx.meshHost.findMany({
    where: { meshId: mesh.id },
    orderBy: { rank: 'asc' },
    select: { address: true },
  });
  return (
    hosts.length === wanted.addresses.length &&
    hosts.every(({ address }, rank) => endpointOf(address) === endpointOf(wanted.addresses[rank] ?? ''))
  );
}
