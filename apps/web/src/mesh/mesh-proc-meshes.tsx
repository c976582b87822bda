import { isEndState, type Mesh, type ProcMeshView } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { procMeshesQuery } from '../queries/proc-mesh-queries.ts';
import { ProcMeshLine } from '../standing/standing-lines.tsx';
import { ButtonLink } from '../ui/button/button.tsx';
import { Loaded, Skeleton } from '../ui/feedback/states.tsx';
import { Lines } from '../ui/page/lines.tsx';
import { Section } from '../ui/page/page-header.tsx';

const SHOWN = 6;

/** The proc meshes of a mesh: all that live or need attention, and the last that have ended. */
export function MeshProcMeshes({ mesh }: { mesh: Mesh }) {
  const all = useQuery(procMeshesQuery());
  return (
    <Loaded query={all} what="The procs of this mesh could not be read" skeleton={<Skeleton lines={2} />}>
      {(procMeshes) => (
        <ProcMeshes mesh={mesh} ours={procMeshes.filter(({ meshId }) => meshId === mesh.id)} />
      )}
    </Loaded>
  );
}

function ProcMeshes({ mesh, ours }: { mesh: Mesh; ours: readonly ProcMeshView[] }) {
  const isShown = ({ state, needsAttention }: ProcMeshView) => needsAttention || !isEndState(state);
  const live = ours.filter(isShown);
  const ended = ours.filter((procMesh) => !isShown(procMesh));
  const shown = [...live, ...ended].slice(0, Math.max(SHOWN, live.length));
  if (shown.length === 0) return null;
  const all = shown.length < ours.length && (
    <ButtonLink look="quiet" href={links.procMeshes({ filter: `mesh:${mesh.name}` })}>
      All {ours.length}
    </ButtonLink>
  );
  return (
    <Section title="Procs" aside={all}>
      <Lines>
        {shown.map((procMesh) => (
          <ProcMeshLine key={procMesh.id} procMesh={procMesh} />
        ))}
      </Lines>
    </Section>
  );
}
