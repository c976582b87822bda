import { routes } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';

/** The declared keys; they change only with the version. */
export const configKeysQuery = () =>
  queryOptions({
    queryKey: ['config-keys'],
    queryFn: async ({ signal }) => (await valueOf(client.call(routes.configKeys, { signal }))).items,
    staleTime: 5 * 60_000,
  });

/** What an attach would send now. */
export const configSnapshotQuery = () =>
  queryOptions({
    queryKey: ['config-snapshot'],
    queryFn: ({ signal }) => valueOf(client.call(routes.configSnapshot, { signal })),
  });
