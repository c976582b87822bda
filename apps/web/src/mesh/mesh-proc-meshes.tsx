'use client';

import type { Mesh } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { procMeshesQuery } from '../queries/proc-mesh-queries.ts';
import { procMeshStanding } from '../standing/proc-mesh-standing.ts';
import { ButtonLink } from '../ui/button/button.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { LineItem, Lines } from '../ui/page/lines.tsx';
import { Section } from '../ui/page/page-header.tsx';
import { Time } from '../ui/time/time.tsx';

const SHOWN = 6;

/** The proc meshes of a mesh: all that live, and the last that have ended. */
export function MeshProcMeshes({ mesh }: { mesh: Mesh }) {
  const all = useQuery(procMeshesQuery());
  if (all.data === undefined) {
    if (!all.isError) return <Skeleton lines={2} />;
    return (
      <ErrorState
        what="The procs of this mesh could not be read"
        error={all.error}
        onRetry={() => void all.refetch()}
      />
    );
  }
  const ours = all.data.filter(({ meshId }) => meshId === mesh.id);
  const live = ours.filter(({ state }) => state !== 'stopped');
  const shown = [...live, ...ours.filter(({ state }) => state === 'stopped')].slice(
    0,
    Math.max(SHOWN, live.length),
  );
  if (shown.length === 0) return null;
  return (
    <Section
      title="Procs"
      aside={
        shown.length < ours.length && (
          <ButtonLink look="quiet" href={links.procMeshes({ filter: `mesh:${mesh.name}` })}>
            All {ours.length}
          </ButtonLink>
        )
      }
    >
      <Lines>
        {shown.map((procMesh) => (
          <LineItem
            key={procMesh.id}
            mark={procMeshStanding(procMesh)}
            href={links.procMesh(procMesh.id)}
            name={procMesh.name}
            aside={
              <>
                spawned <Time at={procMesh.createdAt} />
              </>
            }
          >
            {procMesh.summary}
          </LineItem>
        ))}
      </Lines>
    </Section>
  );
}
