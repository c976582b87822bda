'use client';

import type { Attempt, HostResult } from '@hostmesh/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ApiError } from '../api/api-error.ts';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { EmptyState, Loaded, Skeleton } from '../ui/feedback/states.tsx';
import { Section } from '../ui/page/page-header.tsx';
import { hostResultColumns } from './host-result-columns.tsx';
import { hostsText } from './retry.ts';

/** The result of every host of an attempt, of which there may be ten thousand and more. */
export function HostResults({
  attempt,
  hosts,
}: {
  attempt: Attempt;
  hosts: UseQueryResult<readonly HostResult[], ApiError>;
}) {
  return (
    <Section title={hostsText(attempt.counts.total)}>
      <Loaded
        query={hosts}
        what="The hosts of this attempt could not be read"
        skeleton={<Skeleton label="Loading the hosts" />}
      >
        {(results) => (
          <DataTable
            name="attempt-hosts"
            noun={['host', 'hosts']}
            rows={results}
            rowId={({ rank }) => String(rank)}
            rowLabel={({ address }) => address}
            columns={hostResultColumns}
            empty={<EmptyState title="No hosts">This attempt was of an empty list of hosts.</EmptyState>}
          />
        )}
      </Loaded>
    </Section>
  );
}
