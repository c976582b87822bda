'use client';

import type { Mesh } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { links } from '../links.ts';
import { meshHostsQuery, meshQuery } from '../mesh/queries.ts';
import { isOwned, meshStanding } from '../mesh/standing.ts';
import { ButtonLink } from '../ui/button/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { PageHeader } from '../ui/page/page-header.tsx';
import { formOfQuery } from './form-query.ts';
import { SpawnSteps } from './spawn-steps.tsx';

/** Starts a program on every host of a mesh. The link's query fills the form: see `form-query.ts`. */
export function SpawnPage({ meshId }: { meshId: string }) {
  const query = useSearchParams();
  const [initial] = useState(() => formOfQuery(query));
  const mesh = useQuery(meshQuery(meshId));
  const hosts = useQuery(meshHostsQuery(meshId));
  if (mesh.data !== undefined && !isOwned(mesh.data)) return <NotOurs mesh={mesh.data} />;
  if (mesh.data !== undefined && hosts.data !== undefined)
    return <SpawnSteps mesh={mesh.data} hosts={hosts.data} initial={initial} />;
  const failed = mesh.isError ? mesh : hosts.isError ? hosts : null;
  return (
    <>
      <PageHeader noun="Spawn procs" />
      {failed === null ? (
        <Skeleton />
      ) : (
        <ErrorState
          what="The mesh could not be read"
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      )}
    </>
  );
}

function NotOurs({ mesh }: { mesh: Mesh }) {
  return (
    <>
      <PageHeader noun={`Spawn procs on ${mesh.name}`} mark={meshStanding(mesh)} />
      <EmptyState
        title="This mesh is not attached any more"
        action={
          <ButtonLink href={links.attach({ from: mesh.attempt.id })}>Attach these hosts again</ButtonLink>
        }
      >
        Procs can be spawned only on hosts that are attached. {mesh.summary}
      </EmptyState>
    </>
  );
}
