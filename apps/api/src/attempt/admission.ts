import { endpointOf, type HolderRecord, type Meshes } from '@hostmesh/db';
import { hostIdConflict, type PushOptions } from '@hostmesh/host-mesh';

type Admit = NonNullable<PushOptions['admit']>;
type Greeted = Parameters<Admit>[0];

/** Why a host that turns out, by what it tells of itself, to be in use by another mesh may not be pushed to; null when it may. */
export async function admission(
  meshes: Pick<Meshes, 'holders'>,
  { mesh, takeOver = false }: { readonly mesh: string; readonly takeOver?: boolean | undefined },
): Promise<PushOptions['admit']> {
  const holders = await meshes.holders(mesh);
  if (holders.size === 0) return undefined;
  return (host) => {
    const holder = holders.get(host.hostId);
    if (holder === undefined) return null;
    // Who is whom is not known then, and nobody can permit that.
    if (isAnother(holder, host)) return conflictWith(holder, host);
    return takeOver ? null : inUseFailure([holder]);
  };
}

/** It is in use by these meshes. */
export const inUseFailure = (meshes: readonly { readonly name: string }[]) => ({
  kind: 'Rejected' as const,
  code: 'hosts_in_use',
  message: `it is in use by mesh ${meshes.map(({ name }) => name).join(', ')}; it is taken over only when asked for with takeOver`,
});

/** Two agents claim to be one host, this one and that of a mesh. */
export const conflictWith = (holder: HolderRecord, host: Greeted) =>
  hostIdConflict(host, {
    address: `${holder.address} of mesh ${holder.name}`,
    hostId: host.hostId,
    incarnation: holder.incarnation ?? '',
  });

/**
 * Whether the agent that a mesh hears at another address is not this one, although both claim to be one host. An agent that
 * was started again there is, and one that a mesh no longer hears may have moved here.
 */
export const isAnother = ({ isHeard, incarnation, address }: HolderRecord, host: Greeted): boolean =>
  isHeard &&
  incarnation !== null &&
  incarnation !== host.incarnation &&
  endpointOf(address) !== endpointOf(host.address);
