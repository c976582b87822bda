import { ApiEvent, LogEvent, routes, type EventsQuery } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import type { ApiFault } from '../call/api-fault.ts';
import type { Client } from '../call/client.ts';
import { pathOf } from '../call/request.ts';
import { followStream, type StreamOptions } from './event-stream.ts';

/** What the events of the API are followed with. */
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

/** What the output of a proc is followed with. */
interface FollowLogsOptions extends StreamOptions {
  /** Entries after this `seq`. */
  readonly after?: number | undefined;
  /** Looked at when `after` is not given: the last so many entries first. */
  readonly tail?: number | undefined;
  readonly stream?: 'stdout' | 'stderr' | undefined;
  readonly onEvent: (event: LogEvent) => void;
}

/**
 * Follows the output of a proc until no more will come or the signal fires, reconnecting from the last entry that was
 * applied. A fault is the API's refusal: no such proc, no access. Never rejects.
 */
export async function followLogs(
  client: Client,
  procId: string,
  { after, tail, stream, onEvent, ...options }: FollowLogsOptions,
): Promise<Result<void, ApiFault>> {
  const ended = new AbortController();
  const fault = await followStream(client, {
    ...options,
    signal: AbortSignal.any([options.signal, ended.signal]),
    // The id of an event is the last `seq` in it.
    pathAfter: (lastSeq) =>
      pathOf(
        routes.procLogs,
        { id: procId },
        lastSeq === undefined && after === undefined ? { tail, stream } : { after: lastSeq ?? after, stream },
      ),
    apply(data) {
      const event = LogEvent.safeParse(data);
      if (!event.success) return;
      onEvent(event.data);
      if (event.data.type === 'ended') ended.abort();
    },
    isFinal: ({ status }) => status !== null && status >= 400 && status < 500 && status !== 429,
  });
  return fault === undefined ? ok(undefined) : fail(fault);
}
