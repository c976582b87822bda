import type { ProcMeshView } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { meshQuery } from '../queries/mesh-queries.ts';
import { queryOfProcMesh } from '../spawn/spawn-form.ts';
import { isOwned } from '../standing/mesh-standing.ts';
import { canStop } from '../standing/proc-mesh-standing.ts';
import { Button, ButtonLink } from '../ui/button/button.tsx';
import { SeenButton } from './seen-button.tsx';

/** What can be done with a proc mesh: start the same again while its mesh is ours, and stop what is left of it. */
export function ProcMeshActions(props: {
  procMesh: ProcMeshView;
  /** Undefined until the procs are known. */
  onStop: (() => void) | undefined;
}) {
  const { procMesh, onStop } = props;
  const mesh = useQuery(meshQuery(procMesh.meshId));
  return (
    <>
      <SeenButton procMesh={procMesh} />
      {mesh.data !== undefined && isOwned(mesh.data) && (
        <ButtonLink href={links.spawn(procMesh.meshId, queryOfProcMesh(procMesh))}>
          Spawn these again
        </ButtonLink>
      )}
      {canStop(procMesh) && (
        <Button
          look="danger"
          whyDisabled={
            procMesh.state === 'stopping'
              ? 'It is being stopped'
              : onStop === undefined
                ? 'Its procs are not loaded yet'
                : null
          }
          onClick={onStop}
        >
          {procMesh.state === 'stopping' ? 'Stopping' : 'Stop'}
        </Button>
      )}
    </>
  );
}
