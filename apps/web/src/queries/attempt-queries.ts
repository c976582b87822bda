import { callAllPages } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { client, valueOf } from '../api/client.ts';
import { viewQuery } from '../live/view-reads.ts';

const RECENT_ATTEMPTS = 1000;

/** The newest attempts. Older ones are found by the filters of the attempts route. */
export const recentAttemptsQuery = () =>
  viewQuery('attempts', '', async (signal) => {
    const page = await valueOf(
      client.call(routes.listAttempts, { query: { limit: RECENT_ATTEMPTS }, signal }),
    );
    return page.items;
  });

/** One attempt with its counts, failure groups and first failures. */
export const attemptQuery = (id: string) =>
  viewQuery('attempt', id, (signal) => valueOf(client.call(routes.getAttempt, { params: { id }, signal })));

/** The result of every host of an attempt in rank order: read whole once, then kept up to date by changes. */
export const attemptHostsQuery = (id: string) =>
  viewQuery('attemptHosts', id, (signal) =>
    valueOf(callAllPages(client, routes.listAttemptHosts, { params: { id }, signal })),
  );
