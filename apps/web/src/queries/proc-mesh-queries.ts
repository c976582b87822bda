import { callAllPages } from '@hostmesh/client';
import { routes, type ProcMeshState } from '@hostmesh/contract';
import { client, valueOf } from '../api/client.ts';
import { rereadProcs } from '../live/apply-event.ts';
import { viewQuery } from '../live/view-reads.ts';

const RECENT_PROC_MESHES = 500;

/** The newest proc meshes, and however old they are all that have not ended or need attention. */
export const procMeshesQuery = () =>
  viewQuery('procMeshes', '', async (signal) => {
    const newest = client.call(routes.listProcMeshes, { query: { limit: RECENT_PROC_MESHES }, signal });
    const all = async (query: { state?: ProcMeshState; attention?: 'true' }) =>
      valueOf(callAllPages(client, routes.listProcMeshes, { query, signal }));
    const lists = await Promise.all([
      valueOf(newest).then(({ items }) => items),
      all({ attention: 'true' }),
      ...liveStates.map((state) => all({ state })),
    ]);
    return [...new Map(lists.flat().map((procMesh) => [procMesh.id, procMesh])).values()];
  });

/** Of proc meshes that have not ended. */
const liveStates = ['spawning', 'running', 'stopping'] as const;

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
