import { ApiEvent, routes, type EventsQuery } from '@hostmesh/contract';
import type { Client } from '../call/client.ts';
import { pathOf } from '../call/request.ts';
import { followStream, type StreamOptions } from './stream.ts';

export interface FollowOptions extends StreamOptions {
  readonly filter?: EventsQuery;
  readonly onEvent: (event: ApiEvent) => void;
}

/**
 * Follows the API's events until the signal fires, reconnecting from the last event that was applied. An event
 * missed for good arrives as `resync`. Never rejects.
 */
export async function followEvents(client: Client, options: FollowOptions): Promise<void> {
  const path = pathOf(routes.events, {}, options.filter);
  await followStream(client, {
    ...options,
    pathAfter: () => path,
    apply(data) {
      // Events of kinds that this client does not know are skipped: a newer server may send them.
      const event = ApiEvent.safeParse(data);
      if (event.success) options.onEvent(event.data);
    },
  });
}
