import { routes } from '@hostmesh/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';

const PAGE = 200;

/** What was done through the API, newest first, page by page. It is not part of the event stream. */
export const auditQuery = () =>
  infiniteQueryOptions({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      valueOf(
        client.call(routes.audit, {
          query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          signal,
        }),
      ),
    // The type of an undefined first cursor cannot be inferred from the value.
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
