import { pathOf } from '@hostmesh/client';
import { routes, type ProcMeshView } from '@hostmesh/contract';
import { Raw } from '../ui/page/raw.tsx';
import { curl, curlWithBody } from '../ui/text/curl.ts';

/** The proc mesh as a script sees it. */
export function RawProcMesh({ procMesh }: { procMesh: ProcMeshView }) {
  const { id } = procMesh;
  return (
    <Raw
      noun="proc mesh"
      value={procMesh}
      commands={() => [
        { label: 'Read this proc mesh', text: curl(pathOf(routes.getProcMesh, { id })) },
        {
          label: 'Every proc as a CSV file',
          text: curl(pathOf(routes.listMeshProcs, { id }), "-H 'Accept: text/csv'"),
        },
        { label: 'Stop all of it', text: curlWithBody(pathOf(routes.stopProcMesh, { id }), {}) },
      ]}
    />
  );
}
