'use client';

import type { Mesh, MeshHost } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { use } from 'react';
import { links } from '../../../../../links.ts';
import { meshHostsQuery, meshQuery } from '../../../../../queries/mesh-queries.ts';
import { SpawnSteps } from '../../../../../spawn/spawn-steps.tsx';
import { useInitialForm, useInTab } from '../../../../../spawn/use-draft.ts';
import { isOwned, meshStanding } from '../../../../../standing/mesh-standing.ts';
import { ButtonLink } from '../../../../../ui/button/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../../../ui/page/page-header.tsx';

/** Starts a program on every host of a mesh. The link's query fills the form: see `spawn-fields.ts`; without one it is as it was left. */
export default function SpawnPage(props: { params: Promise<{ id: string }> }) {
  const { id } = use(props.params);
  return (
    <>
      <PageTitle>Spawn procs</PageTitle>
      <Spawn meshId={decodeURIComponent(id)} />
    </>
  );
}

function Spawn({ meshId }: { meshId: string }) {
  const isInTab = useInTab();
  const mesh = useQuery(meshQuery(meshId));
  const hosts = useQuery(meshHostsQuery(meshId));
  if (mesh.data !== undefined && !isOwned(mesh.data)) return <NotOurs mesh={mesh.data} />;
  if (isInTab && mesh.data !== undefined && hosts.data !== undefined)
    return <Begun mesh={mesh.data} hosts={hosts.data} />;
  const failed = mesh.isError ? mesh : hosts.isError ? hosts : null;
  if (failed === null) return <Loading />;
  return (
    <>
      <PageHeader noun="Spawn procs" />
      <ErrorState
        what="The mesh could not be read"
        error={failed.error}
        onRetry={() => void failed.refetch()}
      />
    </>
  );
}

function Begun(props: { mesh: Mesh; hosts: readonly MeshHost[] }) {
  const initial = useInitialForm(props.mesh.id);
  return initial === 'loading' ? <Loading /> : <SpawnSteps {...props} initial={initial} />;
}

function Loading() {
  return (
    <>
      <PageHeader noun="Spawn procs" />
      <Skeleton />
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
