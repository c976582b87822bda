import { followEvents, type ApiFault } from '@hostmesh/client';
import type { ApiEvent, EventsQuery } from '@hostmesh/contract';
import type { Result } from '@hostmesh/core';
import type { Context } from '../context.ts';

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

/** The value once it is done, or as it was last when the signal fires: by events and, should those not come, by asking. */
export async function watchUntilDone<T>(
  context: Context,
  first: T,
  watched: Watched<T>,
  signal: AbortSignal,
): Promise<T> {
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
  await Promise.all([
    followEvents(context.client, {
      filter: watched.filter,
      signal: either,
      onEvent(event) {
        const value = watched.fromEvent(event);
        if (value !== undefined) update(value);
      },
    }),
    poll(watched, either, update),
  ]);
  return latest;
}

async function poll<T>({ read }: Watched<T>, signal: AbortSignal, update: (value: T) => void): Promise<void> {
  while (!signal.aborted) {
    const reply = await read(signal);
    if (signal.aborted) return;
    if (reply.ok) update(reply.value);
    await pause(POLL_MS, signal);
  }
}

/** Waits so long, or until the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
