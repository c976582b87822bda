import { queryOptions } from '@tanstack/react-query';
import { routes } from '@hostmesh/contract';
import { client, valueOf } from '../api/client.ts';

/** Who is signed in, and the limits that input is checked against. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => valueOf(client.call(routes.session, { signal })),
    staleTime: 60_000,
  });
