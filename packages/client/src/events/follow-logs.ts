import { LogEvent, routes } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import type { ApiFault } from '../call/api-fault.ts';
import type { Client } from '../call/client.ts';
import { pathOf } from '../call/request.ts';
import { followStream, type StreamOptions } from './stream.ts';

export interface FollowLogsOptions extends StreamOptions {
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
