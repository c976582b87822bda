'use client';

import { followLogs, pathOf } from '@hostmesh/client';
import { routes } from '@hostmesh/contract';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError } from '../api/api-error.ts';
import { client } from '../api/client.ts';
import { pollIntervalMs } from '../live/poll-interval.ts';
import { notify } from '../ui/feedback/notices.tsx';
import { saveFile } from '../ui/save-file.ts';
import { createLogFollower, type LogApi, type LogFollower } from './log-follower.ts';
import type { LogSnapshot } from './step-log-follow.ts';

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

/** All that is left of a proc's output, as the program wrote it, in a file of the reader's. */
export async function saveLog(procId: string, stream?: 'stdout' | 'stderr'): Promise<void> {
  const path = pathOf(routes.procLogs, { id: procId }, { after: 0, stream });
  const opened = await client.open(path, { headers: { accept: 'text/plain' } });
  if (!opened.ok) return notify('failed', `The output was not downloaded. ${opened.fault.message}`);
  try {
    saveFile(`${procId}.log`, await opened.value.blob());
  } catch {
    notify('failed', 'The download broke before its end.');
  }
}
