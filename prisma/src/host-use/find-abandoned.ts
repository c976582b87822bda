import type { PrismaClient } from '../generated/client.ts';

/** A host of a mesh that holds the config of another. */
export interface StrayHost {
  readonly rank: number;
  readonly address: string;
  /** The mesh whose config it holds. */
  readonly meshId: string;
}

/**
 * Those hosts that nobody has a use for but their own mesh: the mesh whose config they hold has ended, or was never made, and
 * no attempt is at work on them that could make it.
 */
export async function findAbandoned(
  client: PrismaClient,
  strays: readonly StrayHost[],
): Promise<StrayHost[]> {
  const live = await client.mesh.findMany({
    where: { id: { in: strays.map(({ meshId }) => meshId) }, state: { in: ['attached', 'stopping'] } },
    select: { id: true },
  });
  const busy = await client.attemptHost.findMany({
    where: { attempt: { settledAt: null }, address: { in: strays.map(({ address }) => address) } },
    select: { address: true },
  });
  const liveIds = new Set(live.map(({ id }) => id));
  const busyAddresses = new Set(busy.map(({ address }) => address));
  return strays.filter(({ meshId, address }) => !liveIds.has(meshId) && !busyAddresses.has(address));
}
