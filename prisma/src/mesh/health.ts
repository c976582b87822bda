import type { Transaction } from '../database/transaction.ts';
import type { Mesh } from '../generated/client.ts';
import type { HostHealth } from '../generated/enums.ts';
import type { HealthCounts } from './record.ts';

type Counted = Pick<Mesh, 'id' | 'endedAt' | 'hostCount'>;

/**
 * Counts the hosts of each mesh by health. Hosts of an ended mesh are all released, so that only those of live
 * meshes are read, however long the history.
 */
export async function countHealth(
  client: Transaction,
  meshes: readonly Counted[],
): Promise<(mesh: Counted) => HealthCounts> {
  const live = meshes.filter((mesh) => mesh.endedAt === null).map((mesh) => mesh.id);
  const groups = await client.meshHost.groupBy({
    by: ['meshId', 'health'],
    where: { meshId: { in: live } },
    _count: true,
  });
  return ({ id, endedAt, hostCount }) => {
    const count = (health: HostHealth) =>
      groups.find((group) => group.meshId === id && group.health === health)?._count ?? 0;
    return {
      total: hostCount,
      connecting: count('connecting'),
      healthy: count('healthy'),
      configLost: count('config_lost'),
      unreachable: count('unreachable'),
      released: endedAt === null ? count('released') : hostCount,
    };
  };
}
