import type { MeshHost } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { ChangeHistory } from '../change/change-history.tsx';
import { hostHistoryQuery } from '../queries/change-queries.ts';

/** How a host has been, change by change. */
export function HostHistory({ meshId, host }: { meshId: string; host: MeshHost }) {
  const version = `${host.health} ${host.since}`;
  return (
    <ChangeHistory
      query={useQuery(hostHistoryQuery(meshId, host.rank, version))}
      empty="Nothing has changed since it was attached."
    />
  );
}
