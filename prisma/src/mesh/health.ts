import type { Transaction } from '../database/transaction.ts';
import type { Mesh } from '../generated/client.ts';
import type { HealthCounts } from './record.ts';

/**
 * Counts the hosts of each mesh by health. Hosts of an ended mesh are all released, so that only those of live
 * meshes are read, however long the history.
 */
export async function countHealth(
  client: Transaction,
  meshes: readonly Pick<Mesh, 'id' | 'endedAt' | 'hostCount'>[],
): Promise<Map<string, HealthCounts>> {
  const live = meshes.filter((mesh) => mesh.endedAt === null).map((mesh) => mesh.id);
  const groups = await client.meshHost.groupBy({
    by: ['meshId', 'health'],
    where: { meshId: { in: live } },
    _count: true,
  });
  const counts = new Map(meshes.map((mesh) => [mesh.id, noHosts(mesh)]));
  for (const { meshId, health, _count } of groups) {
    const mesh = counts.get(meshId);
    if (mesh !== undefined) mesh[health === 'config_lost' ? 'configLost' : health] = _count;
  }
  return counts;
}

const noHosts = ({ endedAt, hostCount }: Pick<Mesh, 'endedAt' | 'hostCount'>): HealthCounts => ({
  total: hostCount,
  connecting: 0,
  healthy: 0,
  configLost: 0,
  unreachable: 0,
  released: endedAt === null ? 0 : hostCount,
});
