'use client';

import { assertNever } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { links } from '../../links.ts';
import { ConcernLine } from '../../overview/concern-line.tsx';
import { concernsOf, verdictOf, type Concern } from '../../overview/concerns.ts';
import { recentAttemptsQuery } from '../../queries/attempt-queries.ts';
import { meshesQuery } from '../../queries/mesh-queries.ts';
import { procMeshesQuery } from '../../queries/proc-mesh-queries.ts';
import { meshStanding } from '../../standing/mesh-standing.ts';
import { procMeshStanding } from '../../standing/proc-mesh-standing.ts';
import { ButtonLink } from '../../ui/button/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/feedback/states.tsx';
import { LineItem, Lines } from '../../ui/page/lines.tsx';
import { PageHeader, PageTitle, Section } from '../../ui/page/page-header.tsx';
import { attemptMarks } from '../../ui/state/mark.ts';
import { useNow } from '../../ui/time/clock.ts';
import { Time } from '../../ui/time/time.tsx';

const RECENT = 6;

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
  const running = attempts.data.filter((attempt) => attempt.state === 'running');
  const spawning = procMeshes.data?.filter(({ state }) => state === 'spawning' || state === 'stopping') ?? [];
  const procs = procMeshes.data?.filter(({ state }) => state === 'running').slice(0, RECENT) ?? [];
  const attached = meshes.data.filter((mesh) => mesh.state === 'attached' || mesh.state === 'stopping');
  const ended = attempts.data.filter((attempt) => attempt.state !== 'running').slice(0, RECENT);
  return (
    <>
      <PageHeader
        noun="Overview"
        mark={mark}
        sentence={sentence}
        actions={
          <ButtonLink look="primary" href={links.attach()}>
            Attach hosts
          </ButtonLink>
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
      {concerns.length > 0 && (
        <Section title="Needs attention">
          <Lines>
            {concerns.map((concern) => (
              <ConcernLine key={keyOf(concern)} concern={concern} />
            ))}
          </Lines>
        </Section>
      )}
      {running.length + spawning.length > 0 && (
        <Section title="Under way">
          <Lines>
            {spawning.map((procMesh) => (
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
            {running.map((attempt) => (
              <LineItem
                key={attempt.id}
                mark={attemptMarks.running}
                href={links.attempt(attempt.id)}
                name={attempt.mesh}
                aside={<Time at={attempt.startedAt} />}
              >
                {attempt.summary}
              </LineItem>
            ))}
          </Lines>
        </Section>
      )}
      {attached.length > 0 && (
        <Section title="Meshes">
          <Lines>
            {attached.map((mesh) => (
              <LineItem
                key={mesh.id}
                mark={meshStanding(mesh)}
                href={links.mesh(mesh.id)}
                name={mesh.name}
                aside={
                  <>
                    attached <Time at={mesh.attachedAt} />
                  </>
                }
              >
                {mesh.summary}
              </LineItem>
            ))}
          </Lines>
        </Section>
      )}
      {procs.length > 0 && (
        <Section
          title="Procs"
          aside={
            <ButtonLink look="quiet" href={links.procMeshes()}>
              All procs
            </ButtonLink>
          }
        >
          <Lines>
            {procs.map((procMesh) => (
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
      )}
      <Section
        title="Last attempts"
        aside={
          <ButtonLink look="quiet" href={links.attempts()}>
            All attempts
          </ButtonLink>
        }
      >
        <Lines>
          {ended.map((attempt) => (
            <LineItem
              key={attempt.id}
              mark={attemptMarks[attempt.state]}
              href={links.attempt(attempt.id)}
              name={attempt.mesh}
              aside={<Time at={attempt.startedAt} />}
            >
              {attempt.summary}
            </LineItem>
          ))}
        </Lines>
      </Section>
    </>
  );
}

function keyOf(concern: Concern): string {
  switch (concern.kind) {
    case 'mesh':
      return concern.mesh.id;
    case 'procs':
      return concern.procMesh.id;
    case 'attempt':
      return concern.attempt.id;
    default:
      return assertNever(concern);
  }
}

function FirstSteps() {
  return (
    <>
      <PageHeader noun="Overview" />
      <EmptyState
        title="No mesh yet"
        action={
          <ButtonLink look="primary" href={links.attach()}>
            Attach hosts
          </ButtonLink>
        }
      >
        A mesh is a set of machines that run the host agent. Attaching pushes your config to every one of
        them, and counts only when all have installed it. Nothing has been attached so far.
      </EmptyState>
    </>
  );
}
