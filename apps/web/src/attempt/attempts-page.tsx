'use client';

import type { AttemptSummary } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { ButtonLink } from '../ui/button/button.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { PageHeader } from '../ui/page/page-header.tsx';
import { attemptMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { DigestText, Id } from '../ui/text/mono.tsx';
import { Duration, Time } from '../ui/time/time.tsx';
import { recentAttemptsQuery } from '../queries/attempt-queries.ts';

const columns: readonly Column<AttemptSummary>[] = [
  { id: 'mesh', header: 'Mesh', value: ({ mesh }) => mesh, width: 160, grow: true, match: 'exact' },
  {
    id: 'state',
    header: 'State',
    value: ({ state }) => state,
    cell: ({ state }) => <StateMark mark={attemptMarks[state]} />,
    width: 130,
    match: 'exact',
    narrow: true,
  },
  { id: 'summary', header: 'Result', value: ({ summary }) => summary, width: 320, grow: true },
  {
    id: 'installed',
    header: 'Installed',
    value: ({ counts }) => counts.installed,
    cell: ({ counts }) => `${counts.installed} of ${counts.total}`,
    width: 110,
    numeric: true,
  },
  { id: 'failed', header: 'Failed', value: ({ counts }) => counts.failed, width: 80, numeric: true },
  {
    id: 'started',
    header: 'Started',
    value: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <Time at={startedAt} />,
    width: 110,
    narrow: true,
  },
  {
    id: 'took',
    header: 'Took',
    value: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) => (durationMs === null ? '' : <Duration ms={durationMs} />),
    width: 90,
    numeric: true,
  },
  { id: 'by', header: 'By', value: ({ requestedBy }) => requestedBy, width: 110 },
  { id: 'kind', header: 'Kind', value: ({ kind }) => kind, width: 80, match: 'exact', hidden: true },
  {
    id: 'id',
    header: 'Id',
    value: ({ id }) => id,
    cell: ({ id }) => <Id text={id} />,
    width: 220,
    hidden: true,
  },
  {
    id: 'config',
    header: 'Config',
    value: ({ configDigest }) => configDigest,
    cell: ({ configDigest }) => <DigestText digest={configDigest} />,
    width: 200,
    hidden: true,
  },
];

/** Every attempt, newest first: attaches and pushes, what came of them, who asked. */
export function AttemptsPage() {
  const attempts = useQuery(recentAttemptsQuery());
  return (
    <>
      <PageHeader
        noun="Attempts"
        sentence={attempts.data === undefined ? undefined : sentenceOf(attempts.data)}
        actions={
          <ButtonLink look="primary" href={links.attach()}>
            Attach hosts
          </ButtonLink>
        }
      />
      {attempts.isPending ? (
        <Skeleton label="Loading attempts" />
      ) : attempts.data === undefined ? (
        <ErrorState what="Attempts could not be read" error={attempts.error} onRetry={attempts.refetch} />
      ) : (
        <DataTable
          name="attempts"
          noun={['attempt', 'attempts']}
          rows={attempts.data}
          rowId={({ id }) => id}
          rowLabel={({ mesh, state }) => `${mesh}, ${state}`}
          rowHref={({ id }) => links.attempt(id)}
          columns={columns}
          empty={
            <EmptyState
              title="No attempts yet"
              action={
                <ButtonLink look="primary" href={links.attach()}>
                  Attach hosts
                </ButtonLink>
              }
            >
              An attempt is one try to attach to hosts and push the config to every one. Each is kept here
              with the result per host.
            </EmptyState>
          }
        />
      )}
    </>
  );
}

function sentenceOf(attempts: readonly AttemptSummary[]): string | undefined {
  const latest = attempts[0];
  if (latest === undefined) return undefined;
  const running = attempts.filter(({ state }) => state === 'running').length;
  return running > 0
    ? `${running} of ${attempts.length} attempts ${running === 1 ? 'is' : 'are'} running.`
    : `The latest, ${latest.mesh}: ${latest.summary}`;
}
