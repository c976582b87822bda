import type { Mesh } from '@hostmesh/contract';
import { formatCount } from '@hostmesh/core';
import { meshStanding } from '../standing/mesh-standing.ts';
import { numberColumn, stateColumn, timeColumn } from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { DigestText, Id } from '../ui/text/mono.tsx';

/** The columns of the list of meshes. */
export const meshColumns: readonly Column<Mesh>[] = [
  {
    id: 'name',
    header: 'Mesh',
    value: (mesh) => mesh.name,
    width: 160,
    grow: true,
  },
  stateColumn((mesh) => mesh.state, meshStanding, { width: 240 }),
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
    id: 'replaced',
    header: 'Replaced',
    value: (mesh) => mesh.hosts.replaced,
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
  numberColumn('without_effect', 'Without effect', ({ hosts }) => hosts.withoutEffect, { width: 125 }),
  timeColumn('attached', 'Attached', (mesh) => mesh.attachedAt, { width: 110 }),
  timeColumn('ended', 'Ended', (mesh) => mesh.endedAt, { width: 110 }),
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
