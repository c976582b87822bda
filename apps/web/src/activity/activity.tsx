'use client';

import { routes, type AuditEntry } from '@hostmesh/contract';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { AppLink } from '../ui/app-link.tsx';
import { useMemo } from 'react';
import { client, valueOf } from '../api/client.ts';
import { useLiveState } from '../live/live-provider.tsx';
import { Button } from '../ui/button/button.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { PageHeader } from '../ui/page/page-header.tsx';
import { Time } from '../ui/time/time.tsx';
import { targetHref } from './target.ts';

const PAGE = 200;
/** The audit list is not part of the event stream. */
const REFRESH_MS = 10_000;

const auditQuery = () =>
  infiniteQueryOptions({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      valueOf(
        client.call(routes.audit, {
          query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          signal,
        }),
      ),
    // The type of an undefined first cursor cannot be inferred from the value.
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

const code = (text: string | null) => text !== null && <code translate="no">{text}</code>;

const columns: readonly Column<AuditEntry>[] = [
  {
    id: 'when',
    header: 'When',
    value: (entry) => entry.at,
    cell: (entry) => <Time at={entry.at} />,
    width: 100,
  },
  { id: 'actor', header: 'Who', value: (entry) => entry.actor, width: 100, narrow: true },
  { id: 'action', header: 'Did', value: (entry) => entry.action, width: 150, narrow: true },
  {
    id: 'target',
    header: 'To',
    value: (entry) => entry.target,
    cell: (entry) => <Target entry={entry} />,
    width: 260,
    grow: true,
  },
  { id: 'outcome', header: 'Outcome', value: (entry) => entry.outcome, width: 180 },
  {
    id: 'request',
    header: 'Request',
    value: (entry) => entry.requestId,
    cell: (entry) => code(entry.requestId),
    width: 220,
    hidden: true,
  },
];

function Target({ entry }: { entry: AuditEntry }) {
  const href = targetHref(entry);
  if (href === null) return code(entry.target);
  return (
    <AppLink href={href} tabIndex={-1}>
      {code(entry.target)}
    </AppLink>
  );
}

/** Who did what through the API, newest first. */
export function Activity() {
  const live = useLiveState();
  const audit = useInfiniteQuery({
    ...auditQuery(),
    refetchInterval: live.kind === 'paused' ? false : REFRESH_MS,
  });
  const entries = useMemo(() => audit.data?.pages.flatMap((page) => page.items), [audit.data]);
  return (
    <>
      <PageHeader noun="Activity" sentence="What was done through the API, by whom, and how it ended." />
      {entries !== undefined ? (
        <DataTable
          name="activity"
          noun={['entry', 'entries']}
          rows={entries}
          rowId={(entry) => entry.id}
          rowLabel={(entry) => `${entry.action} by ${entry.actor}`}
          columns={columns}
          tools={
            audit.hasNextPage && (
              <Button
                look="quiet"
                disabled={audit.isFetchingNextPage}
                onClick={() => void audit.fetchNextPage({ cancelRefetch: false })}
              >
                Load older
              </Button>
            )
          }
          empty={
            <EmptyState title="Nothing has been done yet">
              Every change that is asked for through the API, from here, the CLI or a script, is written down
              here.
            </EmptyState>
          }
        />
      ) : audit.isError ? (
        <ErrorState
          what="The activity could not be read"
          error={audit.error}
          onRetry={() => void audit.refetch()}
        />
      ) : (
        <Skeleton lines={10} />
      )}
    </>
  );
}
