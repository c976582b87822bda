'use client';

import { procText, type Proc } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { useLiveState } from '../live/live-provider.tsx';
import { usePollInterval } from '../live/poll-interval.ts';
import {
  hostProcsQuery,
  hostUsageQuery,
  HOST_PROCS_READ,
  type MeasuredUsage,
} from '../queries/host-queries.ts';
import { mayRun } from '../standing/proc-mesh-standing.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Loaded, Skeleton } from '../ui/feedback/states.tsx';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { formatBytes } from '../ui/text/plain-text.ts';
import styles from './host.module.css';

/** The usage of at most so many procs is asked for: each is a question to the host. */
const MAX_MEASURED = 16;
const ENDED_SHOWN = 5;

/** The procs of one host: those that run with what they use, then the last that have ended. Read again every few seconds. */
export function HostProcList({ hostId }: { hostId: string }) {
  const live = useLiveState();
  const pollMs = usePollInterval();
  const refetchInterval = live.kind === 'paused' ? false : pollMs;
  const procs = useQuery({ ...hostProcsQuery(hostId), refetchInterval });
  const measured = (procs.data ?? []).filter(mayRun).slice(0, MAX_MEASURED);
  const usage = useQuery({
    ...hostUsageQuery(
      hostId,
      measured.map(({ id }) => id),
    ),
    refetchInterval,
  });
  return (
    <Loaded query={procs} what="Its procs could not be read" skeleton={<Skeleton lines={3} />}>
      {(known) => <Procs procs={known} usage={usage.data ?? nothing} />}
    </Loaded>
  );
}

const nothing: ReadonlyMap<string, MeasuredUsage> = new Map();

function Procs({ procs, usage }: { procs: readonly Proc[]; usage: ReadonlyMap<string, MeasuredUsage> }) {
  if (procs.length === 0) return <p className="quiet">No proc of ours has run on this host.</p>;
  const running = procs.filter(mayRun);
  const ended = procs.filter((proc) => !mayRun(proc));
  return (
    <>
      <p className="quiet">
        {countOf(running.length, 'proc')} may run, {formatCount(ended.length)} have ended
        {procs.length >= HOST_PROCS_READ && ' of those that are shown'}. {sumOf(usage, running.length)}
      </p>
      <ul className={styles['procs']}>
        {[...running, ...ended.slice(0, ENDED_SHOWN)].map((proc) => (
          <li key={proc.id}>
            <StateMark mark={procMarks[proc.status]} />
            <span>
              <AppLink href={links.proc(proc.id)}>
                {proc.name} rank {proc.rank}
              </AppLink>{' '}
              <span className="quiet">{procText(proc)}</span>
            </span>
            <span className="quiet">{usageText(usage.get(proc.id))}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const usageText = (usage: MeasuredUsage | undefined): string =>
  usage === undefined
    ? ''
    : `${usage.cpuPercent === null ? '' : `${usage.cpuPercent.toFixed(0)} % · `}${formatBytes(usage.rssBytes)}`;

function sumOf(usage: ReadonlyMap<string, MeasuredUsage>, running: number): string {
  if (usage.size === 0) return '';
  const all = [...usage.values()];
  const cpu = all.reduce((sum, { cpuPercent }) => sum + (cpuPercent ?? 0), 0);
  const bytes = all.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
  const whose = usage.size < running ? `${usage.size} of them use` : 'They use';
  return `${whose} ${cpu.toFixed(0)} % of a core and ${formatBytes(bytes)}.`;
}
