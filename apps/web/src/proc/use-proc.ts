'use client';

import type { Proc } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { useLiveState } from '../live/live-provider.tsx';
import { usePollInterval } from '../live/poll-interval.ts';
import { procQuery } from '../queries/proc-queries.ts';

const ended: ReadonlySet<string> = new Set(['Stopped', 'Failed', 'Timeout', 'NotExist']);

/**
 * One proc, live. The event stream tells its state. Its usage is asked for as often as the reader chose, until the proc
 * has ended.
 */
export function useProc(id: string) {
  const intervalOf = useUsageInterval();
  return useQuery({ ...procQuery(id), refetchInterval: ({ state }) => intervalOf(state.data) });
}

/** How often the usage of a proc is asked for, in milliseconds; false when it is not. */
export function useUsageInterval(): (proc: Pick<Proc, 'status'> | undefined) => number | false {
  const live = useLiveState();
  const pollMs = usePollInterval();
  return (proc) =>
    live.kind === 'paused' || (proc !== undefined && ended.has(proc.status)) ? false : pollMs;
}
