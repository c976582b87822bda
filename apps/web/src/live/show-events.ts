import type { ApiEvent } from '@hostmesh/contract';
import type { QueryClient } from '@tanstack/react-query';
import { applyEvent, type LiveCache } from './apply-event.ts';
import { allViews, type View } from './views.ts';

/** Past this many unshown events it is cheaper to read again. */
const MAX_PENDING = 2000;

/** Folds events into the views that have been read; reads those again when there are too many, or some were missed. */
export function showEvents(queries: QueryClient, events: readonly ApiEvent[]): void {
  if (events.length > MAX_PENDING || events.some((event) => event.type === 'resync')) {
    void queries.invalidateQueries({ queryKey: allViews });
    return;
  }
  const before = cachedViews(queries);
  const after = events.reduce<LiveCache>(applyEvent, before);
  after.forEach((view, at) => {
    if (view !== before[at]) queries.setQueryData(['view', view.kind, view.id], view.data);
  });
}

/** The views in the query cache that have data. */
function cachedViews(queries: QueryClient): LiveCache {
  return queries
    .getQueryCache()
    .findAll({ queryKey: allViews })
    .filter((query) => query.state.data !== undefined)
    .map((query) => {
      const [, kind, id] = query.queryKey;
      // Only `viewQuery` writes below this key, and it ties kind and data together.
      return { kind, id, data: query.state.data } as View;
    });
}
