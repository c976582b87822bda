import { procMeshStanding, type AttemptSummary, type Mesh, type ProcMeshView } from '@hostmesh/contract';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import { LineItem } from '../ui/page/lines.tsx';
import { attemptMarks } from '../ui/state/mark.ts';
import { Time } from '../ui/time/time.tsx';
import { meshStanding, WITHOUT_EFFECT } from './mesh-standing.ts';

/** A mesh in a short list: how it stands, in a sentence, and since when it is attached. */
export const MeshLine = ({ mesh }: { mesh: Mesh }) => (
  <LineItem
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
    {mesh.hosts.withoutEffect > 0 && (
      <>
        {' '}
        <AppLink href={links.mesh(mesh.id, { filter: WITHOUT_EFFECT })}>See where</AppLink>
      </>
    )}
  </LineItem>
);

/** A proc mesh in a short list: how it stands, in a sentence, and when it was spawned. */
export const ProcMeshLine = ({ procMesh }: { procMesh: ProcMeshView }) => (
  <LineItem
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
);

/** An attempt in a short list: its state, its result in a sentence, and when it was started. */
export const AttemptLine = ({ attempt }: { attempt: AttemptSummary }) => (
  <LineItem
    mark={attemptMarks[attempt.state]}
    href={links.attempt(attempt.id)}
    name={attempt.mesh}
    aside={<Time at={attempt.startedAt} />}
  >
    {attempt.summary}
    {attempt.state === 'attached' && attempt.counts.withoutEffect > 0 && (
      <>
        {' '}
        <AppLink href={links.attempt(attempt.id, { filter: WITHOUT_EFFECT })}>See where</AppLink>
      </>
    )}
  </LineItem>
);
