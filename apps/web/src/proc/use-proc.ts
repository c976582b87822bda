'use client';

import { useQuery } from '@tanstack/react-query';
import { useLiveState } from '../live/live-provider.tsx';
import { usePollInterval } from '../live/poll-interval.ts';
import { procQuery } from './queries.ts';

const ended: ReadonlySet<string> = new Set(['Stopped', 'Failed', 'Timeout', 'NotExist']);

/**
 * One proc, live. Its state comes with the stream; its usage has to be asked for, as often as the reader chose, for as
 * long as there is any.
 */
export function useProc(id: string) {
  const live = useLiveState();
  const pollMs = usePollInterval();
  return useQuery({
    ...procQuery(id),
    refetchInterval: ({ state }) =>
      live.kind === 'paused' || (state.data !== undefined && ended.has(state.data.status)) ? false : pollMs,
  });
}
