'use client';

import type { Mesh } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { ButtonLink } from '../ui/button/button.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { PageHeader } from '../ui/page/page-header.tsx';
import { StateMark } from '../ui/state/state-mark.tsx';
import { formatCount } from '../ui/text/count.ts';
import { DigestText, Id } from '../ui/text/mono.tsx';
import { Time } from '../ui/time/time.tsx';
import { meshesQuery } from '../queries/mesh-queries.ts';
import { meshStanding } from '../standing/mesh-standing.ts';

const columns: readonly Column<Mesh>[] = [
  {
    id: 'name',
    header: 'Mesh',
    value: (mesh) => mesh.name,
    width: 160,
    grow: true,
  },
  {
    id: 'state',
    header: 'State',
    value: (mesh) => mesh.state,
    cell: (mesh) => <StateMark mark={meshStanding(mesh)} />,
    width: 240,
    match: 'exact',
    narrow: true,
  },
  {
    id: 'healthy',
    header: 'Healthy',
    value: (mesh) => mesh.hosts.healthy,
    cell: (mesh) => `${formatCount(mesh.hosts.healthy)} of ${formatCount(mesh.hosts.total)}`,
    width: 130,
    numeric: true,
  },
  {
    id: 'unreachable',
    header: 'Unreachable',
    value: (mesh) => mesh.hosts.unreachable,
    width: 110,
    numeric: true,
  },
  {
    id: 'config_lost',
    header: 'Config lost',
    value: (mesh) => mesh.hosts.configLost,
    width: 110,
    numeric: true,
  },
  {
    id: 'attached',
    header: 'Attached',
    value: (mesh) => mesh.attachedAt,
    cell: (mesh) => <Time at={mesh.attachedAt} />,
    width: 110,
  },
  {
    id: 'ended',
    header: 'Ended',
    value: (mesh) => mesh.endedAt,
    cell: (mesh) => mesh.endedAt !== null && <Time at={mesh.endedAt} />,
    width: 110,
  },
  {
    id: 'digest',
    header: 'Config',
    value: (mesh) => mesh.configDigest,
    cell: (mesh) => <DigestText digest={mesh.configDigest} copy={false} />,
    width: 190,
    hidden: true,
  },
  {
    id: 'id',
    header: 'Id',
    value: (mesh) => mesh.id,
    cell: (mesh) => <Id text={mesh.id} copy={false} />,
    width: 220,
    hidden: true,
  },
];

/** Every mesh that is or was attached. */
export function MeshesPage() {
  const meshes = useQuery(meshesQuery());
  const attached = meshes.data?.filter((mesh) => mesh.state === 'attached').length;
  return (
    <>
      <PageHeader
        noun="Meshes"
        sentence={
          meshes.data && meshes.data.length > 0 && `${attached} of ${meshes.data.length} attached now.`
        }
        actions={
          <ButtonLink look="primary" href={links.attach()}>
            Attach hosts
          </ButtonLink>
        }
      />
      {meshes.data !== undefined ? (
        <DataTable
          name="meshes"
          noun={['mesh', 'meshes']}
          rows={meshes.data}
          rowId={(mesh) => mesh.id}
          rowLabel={(mesh) => `mesh ${mesh.name}`}
          columns={columns}
          rowHref={(mesh) => links.mesh(mesh.id)}
          empty={
            <EmptyState
              title="No mesh yet"
              action={<ButtonLink href={links.attach()}>Attach hosts</ButtonLink>}
            >
              A mesh appears here when an attach succeeds: when every one of its hosts has installed the
              config.
            </EmptyState>
          }
        />
      ) : meshes.isError ? (
        <ErrorState
          what="The meshes could not be read"
          error={meshes.error}
          onRetry={() => void meshes.refetch()}
        />
      ) : (
        <Skeleton />
      )}
    </>
  );
}
