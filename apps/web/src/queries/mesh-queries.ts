import { callAllPages } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';
import { viewQuery } from '../live/view-reads.ts';

/** Every mesh, newest first. */
export const meshesQuery = () =>
  viewQuery('meshes', '', (signal) => valueOf(callAllPages(client, routes.listMeshes, { signal })));

/** One mesh with the health of its hosts as counts. */
export const meshQuery = (id: string) =>
  viewQuery('mesh', id, (signal) => valueOf(client.call(routes.getMesh, { params: { id }, signal })));

/** What a stop or shutdown would end, asked for when somebody is about to. */
export const meshEndQuery = (id: string) =>
  queryOptions({
    queryKey: ['meshEnd', id],
    queryFn: ({ signal }) => valueOf(client.call(routes.previewMeshEnd, { params: { id }, signal })),
    gcTime: 0,
  });

/** Every host of a mesh in rank order: read whole once, then kept up to date by changes. */
export const meshHostsQuery = (id: string) =>
  viewQuery('meshHosts', id, (signal) =>
    valueOf(callAllPages(client, routes.listMeshHosts, { params: { id }, signal })),
  );
