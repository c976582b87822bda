import { routes } from '@hostmesh/contract';
import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { client, valueOf } from './client.ts';

/** A query client whose reads are tried again only when that can help; `onSignedOut` is told of a lost session. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        if (error.fault.code === 'unauthenticated') onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => error.isTransient && !error.isLate && failures < 2,
        retryDelay: 500,
        refetchOnWindowFocus: false,
        // The API is often on this machine: it answers although the browser is offline.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Who is signed in, and the limits that input is checked against. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => valueOf(client.call(routes.session, { signal })),
    staleTime: 60_000,
  });
