import { routes } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';

/** The snapshot that an attach would send now. */
export const snapshotQuery = () =>
  queryOptions({
    queryKey: ['config', 'snapshot'],
    queryFn: ({ signal }) => valueOf(client.call(routes.configSnapshot, { signal })),
  });
