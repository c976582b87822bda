import { callAllPages } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { client, valueOf } from '../api/client.ts';
import { rereadProcs } from '../live/apply-event.ts';
import { viewQuery } from '../live/view-reads.ts';

const RECENT_PROC_MESHES = 500;

/** The newest proc meshes, and those that need attention, however old they are. */
export const procMeshesQuery = () =>
  viewQuery('procMeshes', '', async (signal) => {
    const read = async (query: { limit: number; attention?: string }) =>
      (await valueOf(client.call(routes.listProcMeshes, { query, signal }))).items;
    const [newest, urgent] = await Promise.all([
      read({ limit: RECENT_PROC_MESHES }),
      read({ limit: RECENT_PROC_MESHES, attention: 'true' }),
    ]);
    const known = new Set(newest.map(({ id }) => id));
    return [...newest, ...urgent.filter(({ id }) => !known.has(id))];
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
