'use client';

import { followLogs } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError } from '../api/api-error.ts';
import { client } from '../api/client.ts';
import { pollIntervalMs } from '../live/poll-interval.ts';
import { createLogFollower, type LogFollower, type LogSnapshot, type LogApi } from './log-follower.ts';

const PAGE = 5000;

const sourceOf = (procId: string): LogApi => ({
  read: (query, signal) =>
    client.call(routes.procLogs, { params: { id: procId }, query: { ...query, limit: PAGE }, signal }),
  async stream({ after, signal, onEvent, onState }) {
    await followLogs(client, procId, {
      after,
      signal,
      onEvent,
      onState: ({ kind }) => onState(kind === 'live'),
    });
  },
  pollMs: pollIntervalMs,
  isTransient: (fault) => new ApiError(fault).isTransient,
});

/** Follows a proc's log for as long as the component is shown. */
export function useLog(procId: string): { readonly log: LogSnapshot; readonly follower: LogFollower } {
  const [follower] = useState(() => createLogFollower(sourceOf(procId)));
  useEffect(() => follower.start(), [follower]);
  return { log: useSyncExternalStore(follower.subscribe, follower.snapshot, follower.snapshot), follower };
}
