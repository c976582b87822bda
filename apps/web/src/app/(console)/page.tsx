'use client';

import { useQuery } from '@tanstack/react-query';
import { AttachLocal } from '../../attach/attach-local.tsx';
import { links } from '../../links.ts';
import { concernsOf, verdictOf } from '../../overview/concerns.ts';
import {
  AttemptsSection,
  AttentionSection,
  MeshesSection,
  ProcsSection,
  UnderWaySection,
} from '../../overview/sections.tsx';
import { recentAttemptsQuery } from '../../queries/attempt-queries.ts';
import { meshesQuery } from '../../queries/mesh-queries.ts';
import { procMeshesQuery } from '../../queries/proc-mesh-queries.ts';
import { isOwned } from '../../standing/mesh-standing.ts';
import { ButtonLink } from '../../ui/button/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../ui/page/page-header.tsx';
import { useNow } from '../../ui/time/clock.ts';

/** Is something wrong, where, since when, and what can I do. */
export default function OverviewPage() {
  return (
    <>
      <PageTitle>Overview</PageTitle>
      <Overview />
    </>
  );
}

function Overview() {
  const meshes = useQuery(meshesQuery());
  const attempts = useQuery(recentAttemptsQuery());
  const procMeshes = useQuery(procMeshesQuery());
  const now = useNow();
  // Without the procs the rest is worth showing, once it is known that they cannot be read.
  const procsLoading = procMeshes.data === undefined && !procMeshes.isError;
  if (meshes.data === undefined || attempts.data === undefined || procsLoading) {
    const failed = [meshes, attempts].find((query) => query.isError && query.data === undefined);
    return (
      <>
        <PageHeader noun="Overview" />
        {failed?.isError ? (
          <ErrorState
            what="The overview could not be read"
            error={failed.error}
            onRetry={() => void failed.refetch()}
          />
        ) : (
          <Skeleton />
        )}
      </>
    );
  }
  if (meshes.data.length === 0 && attempts.data.length === 0) return <FirstSteps />;

  const concerns = concernsOf(meshes.data, attempts.data, now, procMeshes.data);
  const { mark, sentence } = verdictOf(meshes.data, concerns, procMeshes.data, !procMeshes.isError);
  return (
    <>
      <PageHeader
        noun="Overview"
        mark={mark}
        sentence={sentence}
        actions={
          <>
            {!meshes.data.some(isOwned) && <AttachLocal />}
            <ButtonLink look="primary" href={links.attach()}>
              Attach hosts
            </ButtonLink>
          </>
        }
      />
      {procMeshes.isError && (
        <ErrorState
          what="Procs could not be read"
          tone="unknown"
          error={procMeshes.error}
          onRetry={() => void procMeshes.refetch()}
        />
      )}
      <AttentionSection concerns={concerns} />
      <UnderWaySection attempts={attempts.data} procMeshes={procMeshes.data ?? []} />
      <MeshesSection meshes={meshes.data} />
      <ProcsSection procMeshes={procMeshes.data ?? []} />
      <AttemptsSection attempts={attempts.data} />
    </>
  );
}

function FirstSteps() {
  return (
    <>
      <PageHeader noun="Overview" />
      <EmptyState
        title="No mesh yet"
        action={
          <>
            <AttachLocal />
            <ButtonLink href={links.attach()}>Attach hosts</ButtonLink>
          </>
        }
      >
        A mesh is a set of machines that run the host agent. Attaching pushes your config to every one of
        them, and counts only when all have installed it. Nothing has been attached so far.
      </EmptyState>
    </>
  );
}
