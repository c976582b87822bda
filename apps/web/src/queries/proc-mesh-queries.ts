import { callAllPages } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { client, valueOf } from '../api/client.ts';
import { rereadProcs } from '../live/apply-event.ts';
import { viewQuery } from '../live/view-reads.ts';

const RECENT_PROC_MESHES = 500;

/** The newest proc meshes. */
export const procMeshesQuery = () =>
  viewQuery('procMeshes', '', async (signal) => {
    const query = { limit: RECENT_PROC_MESHES };
    return (await valueOf(client.call(routes.listProcMeshes, { query, signal }))).items;
  });

/** One proc mesh with its counts and failures. */
export const procMeshQuery = (id: string) =>
  viewQuery('procMesh', id, (signal) => valueOf(client.call(routes.getProcMesh, { params: { id }, signal })));

/** Every proc of a proc mesh in rank order: read whole once, then kept up to date by changes. */
export const meshProcsQuery = (id: string) =>
  viewQuery(
    'procs',
    id,
    (signal) => valueOf(callAllPages(client, routes.listMeshProcs, { params: { id }, signal })),
    rereadProcs,
  );
