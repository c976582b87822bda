import type { AttemptSummary, Mesh, ProcMeshView } from '@hostmesh/contract';
import { assertNever } from '@hostmesh/core';
import type { ReactNode } from 'react';
import { links } from '../links.ts';
import { AttemptLine, MeshLine, ProcMeshLine } from '../standing/standing-lines.tsx';
import { ButtonLink } from '../ui/button/button.tsx';
import { Lines } from '../ui/page/lines.tsx';
import { Section } from '../ui/page/page-header.tsx';
import { ConcernLine } from './concern-line.tsx';
import type { Concern } from './concerns.ts';

const RECENT = 6;

/** What is wrong, the most urgent first; nothing when nothing is. */
export function AttentionSection({ concerns }: { concerns: readonly Concern[] }) {
  return (
    <LinesSection title="Needs attention">
      {concerns.map((concern) => (
        <ConcernLine key={keyOf(concern)} concern={concern} />
      ))}
    </LinesSection>
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

/** What is being spawned, stopped, attached or taken back right now; nothing when nothing is. */
export function UnderWaySection(props: {
  attempts: readonly AttemptSummary[];
  procMeshes: readonly ProcMeshView[];
}) {
  const moving = props.procMeshes.filter(({ state }) => state === 'spawning' || state === 'stopping');
  const running = props.attempts.filter(({ finishedAt }) => finishedAt === null);
  return (
    <LinesSection title="Under way">
      {[
        ...moving.map((procMesh) => <ProcMeshLine key={procMesh.id} procMesh={procMesh} />),
        ...running.map((attempt) => <AttemptLine key={attempt.id} attempt={attempt} />),
      ]}
    </LinesSection>
  );
}

/** The meshes that are attached; nothing when none is. */
export function MeshesSection({ meshes }: { meshes: readonly Mesh[] }) {
  const attached = meshes.filter(({ state }) => state === 'attached' || state === 'stopping');
  return (
    <LinesSection title="Meshes">
      {attached.map((mesh) => (
        <MeshLine key={mesh.id} mesh={mesh} />
      ))}
    </LinesSection>
  );
}

/** The newest procs that run; nothing when none do. */
export function ProcsSection({ procMeshes }: { procMeshes: readonly ProcMeshView[] }) {
  const running = procMeshes.filter(({ state }) => state === 'running').slice(0, RECENT);
  const all = (
    <ButtonLink look="quiet" href={links.procMeshes()}>
      All procs
    </ButtonLink>
  );
  return (
    <LinesSection title="Procs" aside={all}>
      {running.map((procMesh) => (
        <ProcMeshLine key={procMesh.id} procMesh={procMesh} />
      ))}
    </LinesSection>
  );
}

/** The newest attempts of which all is known, with a way to all of them. */
export function AttemptsSection({ attempts }: { attempts: readonly AttemptSummary[] }) {
  const ended = attempts.filter(({ finishedAt }) => finishedAt !== null).slice(0, RECENT);
  return (
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
          <AttemptLine key={attempt.id} attempt={attempt} />
        ))}
      </Lines>
    </Section>
  );
}

/** Lines below a title; nothing at all when there are none. */
function LinesSection(props: { title: string; aside?: ReactNode; children: readonly ReactNode[] }) {
  if (props.children.length === 0) return null;
  return (
    <Section title={props.title} aside={props.aside}>
      <Lines>{props.children}</Lines>
    </Section>
  );
}
