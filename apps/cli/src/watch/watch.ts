import { followEvents, type ApiFault } from '@hostmesh/client';
import type { ApiEvent, EventsQuery } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import { hasNoAccess, type Context } from '../context.ts';

const POLL_MS = 1000;

/** Something of the API that changes. */
export interface Watched<T> {
  readonly filter: EventsQuery;
  /** The value that an event carries, if it is of this thing. */
  readonly fromEvent: (event: ApiEvent) => T | undefined;
  readonly read: (signal: AbortSignal) => Promise<Result<T, ApiFault>>;
  readonly isDone: (value: T) => boolean;
  readonly onChange?: (value: T) => void;
}

/**
 * The value once it is done, or as it was last when the signal fires. Events tell of changes at once; besides, it is
 * asked for every second, since a replica of the API sends events only of what it looks after itself. The only fault is
 * that the API does not let us in.
 */
export async function watchUntilDone<T>(
  context: Context,
  first: T,
  watched: Watched<T>,
  signal: AbortSignal,
): Promise<Result<T, ApiFault>> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  let latest = first;
  const update = (value: T) => {
    if (done.signal.aborted) return;
    latest = value;
    watched.onChange?.(value);
    if (watched.isDone(value)) done.abort();
  };
  update(first);
  const following = followEvents(context.client, {
    filter: watched.filter,
    signal: either,
    onEvent(event) {
      const value = watched.fromEvent(event);
      if (value !== undefined) update(value);
    },
  });
  const fault = await poll(context, watched, either, update);
  done.abort();
  await following;
  return fault === undefined ? ok(latest) : fail(fault);
}

/** Until the signal fires, or the API says that it may not be asked. */
async function poll<T>(
  { sleep }: Context,
  { read }: Watched<T>,
  signal: AbortSignal,
  update: (value: T) => void,
): Promise<ApiFault | undefined> {
  while (!signal.aborted) {
    const reply = await read(signal);
    if (signal.aborted) return undefined;
    if (reply.ok) update(reply.value);
    else if (hasNoAccess(reply.fault)) return reply.fault;
    await sleep(POLL_MS, signal);
  }
  return undefined;
}
