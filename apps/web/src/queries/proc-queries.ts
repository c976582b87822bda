import { callPages } from '@hostmesh/client';
import { routes, type ProcStatusName } from '@hostmesh/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client, patientClient, valueOf } from '../api/client.ts';
import { MAX_ALL_PROCS, rereadProcs } from '../live/apply-event.ts';
import { viewQuery } from '../live/view-reads.ts';

const HISTORY_PAGE = 200;

/** One proc with its command and its usage. The event stream does not tell the usage: it changes when this is read again. */
export const procQuery = (id: string) =>
  viewQuery('proc', id, (signal) => valueOf(client.call(routes.getProc, { params: { id }, signal })));

/** The newest procs of all proc meshes, or with a status those that have it. */
export const allProcsQuery = (status: ProcStatusName | '') =>
  viewQuery(
    'allProcs',
    status,
    async (signal) => {
      const query = status === '' ? {} : { status };
      return (await valueOf(callPages(client, routes.listProcs, { query, signal }, MAX_ALL_PROCS))).items;
    },
    rereadProcs,
  );

/** Every transition of a proc, newest first; `generation` makes it be read again when the proc has changed. */
export const procHistoryQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['proc-history', id],
    queryFn: ({ pageParam, signal }) =>
      valueOf(
        client.call(routes.procHistory, {
          params: { id },
          query: { limit: HISTORY_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          signal,
        }),
      ),
    // The type of an undefined first cursor cannot be inferred from the value.
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** Orphans of all attached meshes. The API asks every host for them, so they are read when somebody looks, not with every event. */
export const orphansQuery = () =>
  queryOptions({
    queryKey: ['orphans'],
    queryFn: ({ signal }) => valueOf(patientClient.call(routes.listOrphans, { signal })),
    staleTime: 5000,
  });
