import { routes, type ChangeQuery } from '@hostmesh/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';

const PAGE = 200;
/** Changes are not part of the event stream: so often they are read again. */
export const CHANGES_REFRESH_MS = 10_000;
/** So many are shown beside the thing that they are of. */
export const CHANGES_SHOWN = 20;

type Filter = Pick<ChangeQuery, 'mesh' | 'attempt' | 'kind' | 'state'>;

/** What became of everything, or of what the filter lets through, newest first, page by page. */
export const changesQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['changes', filter],
    queryFn: ({ pageParam, signal }) =>
      valueOf(
        client.call(routes.listChanges, {
          query: { ...filter, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          signal,
        }),
      ),
    // The type of an undefined first cursor cannot be inferred from the value.
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** The last changes of one thing. `version` is of what is known of it: with another one they are read anew. */
export const lastChangesQuery = (filter: Filter, version: string) =>
  queryOptions({
    queryKey: ['last-changes', filter, version],
    queryFn: ({ signal }) =>
      valueOf(client.call(routes.listChanges, { query: { ...filter, limit: CHANGES_SHOWN }, signal })),
    placeholderData: (before) => before,
  });

/** The last changes of the health of one host of a mesh. */
export const hostHistoryQuery = (meshId: string, rank: number, version: string) =>
  queryOptions({
    queryKey: ['host-history', meshId, rank, version],
    queryFn: ({ signal }) =>
      valueOf(
        client.call(routes.hostHistory, {
          params: { id: meshId, rank },
          query: { limit: CHANGES_SHOWN },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
