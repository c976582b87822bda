'use client';

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { use, type ReactNode } from 'react';
import { MeshActions } from '../../../../../mesh/mesh-actions.tsx';
import { MeshFacts } from '../../../../../mesh/mesh-facts.tsx';
import { MeshHistory } from '../../../../../mesh/mesh-history.tsx';
import { MeshHosts } from '../../../../../mesh/mesh-hosts.tsx';
import { MeshProcMeshes } from '../../../../../mesh/mesh-proc-meshes.tsx';
import { meshHostsQuery, meshQuery } from '../../../../../queries/mesh-queries.ts';
import { meshStanding } from '../../../../../standing/mesh-standing.ts';
import { Loaded, Skeleton } from '../../../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../../../ui/page/page-header.tsx';
import { Split } from '../../../../../ui/page/side-panel.tsx';

/**
 * One mesh: how it stands, its facts, its hosts. `children` is the panel of the host that is open, if one is: the list
 * stays while panels come and go, which are pages below this layout.
 */
export default function MeshLayout(props: { params: Promise<{ id: string }>; children: ReactNode }) {
  const id = decodeURIComponent(use(props.params).id);
  const mesh = useQuery(meshQuery(id));
  const hosts = useQuery(meshHostsQuery(id));
  return (
    <>
      <PageTitle>{useTitle(mesh.data?.name)}</PageTitle>
      {mesh.data === undefined && <PageHeader noun="Mesh" />}
      <Loaded query={mesh} what="This mesh could not be read">
        {(known) => (
          <Split panel={props.children}>
            <PageHeader
              noun={known.name}
              mark={meshStanding(known)}
              sentence={known.summary}
              actions={<MeshActions mesh={known} hosts={hosts.data} />}
            />
            <MeshFacts mesh={known} />
            <MeshProcMeshes mesh={known} />
            <Loaded query={hosts} what="The hosts could not be read" skeleton={<Skeleton lines={10} />}>
              {(rows) => <MeshHosts meshId={id} hosts={rows} />}
            </Loaded>
            <MeshHistory mesh={known} />
          </Split>
        )}
      </Loaded>
    </>
  );
}

/** Of the mesh, and of the host that is open; before the mesh is known, only what is shown. */
function useTitle(name: string | undefined): string {
  const { rank } = useParams<{ rank?: string }>();
  if (rank === undefined) return name ?? 'Mesh';
  return name === undefined ? 'Host' : `${name}, host ${decodeURIComponent(rank)}`;
}
