'use client';

import type { AuditEntry } from '@hostmesh/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { activityTabs } from '../../../shell/pages.ts';
import { Tabs } from '../../../ui/page/tabs.tsx';
import { useLiveState } from '../../../live/live-provider.tsx';
import { auditQuery } from '../../../queries/audit-queries.ts';
import { KeptNote } from '../../../standing/kept-note.tsx';
import { Button } from '../../../ui/button/button.tsx';
import { DataTable } from '../../../ui/data-table/data-table.tsx';
import { EmptyState, Loaded, Skeleton } from '../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';
import { auditColumns } from './audit-columns.tsx';

/** The audit list is not part of the event stream. */
const REFRESH_MS = 10_000;

/** Who did what through the API, newest first. */
export default function ActivityPage() {
  const live = useLiveState();
  const audit = useInfiniteQuery({
    ...auditQuery(),
    refetchInterval: live.kind === 'paused' ? false : REFRESH_MS,
  });
  const older = audit.hasNextPage && (
    <Button
      look="quiet"
      whyDisabled={audit.isFetchingNextPage ? 'They are being loaded' : null}
      onClick={() => void audit.fetchNextPage({ cancelRefetch: false })}
    >
      Load older
    </Button>
  );
  return (
    <>
      <PageTitle>Activity</PageTitle>
      <PageHeader noun="Activity" sentence="What was done through the API, by whom, and how it ended." />
      <Tabs label="Activity" tabs={activityTabs} />
      <Loaded query={audit} what="The activity could not be read" skeleton={<Skeleton lines={10} />}>
        {({ pages }) => <Entries pages={pages} tools={older} />}
      </Loaded>
      <KeptNote what="Entries" />
    </>
  );
}

function Entries({ pages, tools }: { pages: readonly { items: readonly AuditEntry[] }[]; tools: ReactNode }) {
  const entries = useMemo(() => pages.flatMap((page) => page.items), [pages]);
  return (
    <DataTable
      name="activity"
      noun={['entry', 'entries']}
      rows={entries}
      rowId={(entry) => entry.id}
      rowLabel={(entry) => `${entry.action} by ${entry.actor}`}
      columns={auditColumns}
      tools={tools}
      empty={
        <EmptyState title="Nothing has been done yet">
          Every change that is asked for through the API, from here, the CLI or a script, is written down
          here.
        </EmptyState>
      }
    />
  );
}
