'use client';

import { callAllPages } from '@hostmesh/client';
import { routes, type Proc } from '@hostmesh/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { useLiveState } from '../live/live-provider.tsx';
import { usePollInterval } from '../live/poll-interval.ts';
import { mayRun } from '../standing/proc-mesh-standing.ts';
import { AppLink } from '../ui/app-link.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { countOf, formatBytes, formatCount } from '../ui/text/plain-text.ts';
import styles from './host.module.css';

const MAX_READ = 1000;
/** So many procs are asked for what they use; each is a question to the host. */
const MAX_MEASURED = 16;
const ENDED_SHOWN = 5;

const hostProcsQuery = (hostId: string) =>
  queryOptions({
    queryKey: ['host-procs', hostId],
    queryFn: ({ signal }) =>
      valueOf(callAllPages(client, routes.listProcs, { query: { hostId }, signal }, MAX_READ)),
  });

/** The procs of one host: those that run with what they use, then the last that have ended. Asked for again by and by. */
export function HostProcList({ hostId }: { hostId: string }) {
  const live = useLiveState();
  const pollMs = usePollInterval();
  const interval = live.kind === 'paused' ? false : pollMs;
  const procs = useQuery({ ...hostProcsQuery(hostId), refetchInterval: interval });
  const running = procs.data?.filter(mayRun) ?? [];
  const usage = useUsage(hostId, running.slice(0, MAX_MEASURED), interval);
  if (procs.data === undefined) {
    if (!procs.isError) return <Skeleton lines={3} />;
    return (
      <ErrorState
        what="Its procs could not be read"
        error={procs.error}
        onRetry={() => void procs.refetch()}
      />
    );
  }
  if (procs.data.length === 0) return <p className="quiet">No proc of ours has run on this host.</p>;
  const ended = procs.data.filter((proc) => !mayRun(proc));
  return (
    <>
      <p className="quiet">
        {countOf(running.length, 'proc')} may run, {formatCount(ended.length)} have ended
        {procs.data.length >= MAX_READ && ' of those that are shown'}. {sumOf(usage, running.length)}
      </p>
      <ul className={styles['procs']}>
        {[...running, ...ended.slice(0, ENDED_SHOWN)].map((proc) => (
          <li key={proc.id}>
            <StateMark mark={procMarks[proc.status]} />
            <span>
              <AppLink href={links.proc(proc.id)}>
                {proc.name} rank {proc.rank}
              </AppLink>{' '}
              <span className="quiet">{proc.statusText}</span>
            </span>
            <span className="quiet">{usageText(usage.get(proc.id))}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

interface Measured {
  readonly cpuPercent: number | null;
  readonly rssBytes: number;
}

/** What procs use, by id. */
function useUsage(
  hostId: string,
  procs: readonly Proc[],
  interval: number | false,
): ReadonlyMap<string, Measured> {
  const ids = procs.map(({ id }) => id);
  const usage = useQuery({
    queryKey: ['host-usage', hostId, ids],
    enabled: ids.length > 0,
    refetchInterval: interval,
    queryFn: async ({ signal }) => {
      const details = await Promise.all(
        ids.map((id) => client.call(routes.getProc, { params: { id }, signal })),
      );
      return new Map<string, Measured>(
        details.flatMap((reply) =>
          reply.ok && reply.value.usage !== null ? [[reply.value.id, reply.value.usage]] : [],
        ),
      );
    },
    // A map is not compared part by part.
    structuralSharing: false,
    placeholderData: (before) => before,
  });
  return usage.data ?? nothing;
}
const nothing: ReadonlyMap<string, Measured> = new Map();

const usageText = (usage: Measured | undefined): string =>
  usage === undefined
    ? ''
    : `${usage.cpuPercent === null ? '' : `${usage.cpuPercent.toFixed(0)} % · `}${formatBytes(usage.rssBytes)}`;

function sumOf(usage: ReadonlyMap<string, Measured>, running: number): string {
  if (usage.size === 0) return '';
  const all = [...usage.values()];
  const cpu = all.reduce((sum, { cpuPercent }) => sum + (cpuPercent ?? 0), 0);
  const bytes = all.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
  const whose = usage.size < running ? `${usage.size} of them use` : 'They use';
  return `${whose} ${cpu.toFixed(0)} % of a core and ${formatBytes(bytes)}.`;
}
