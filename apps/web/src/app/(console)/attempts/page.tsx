'use client';

import type { AttemptSummary } from '@hostmesh/contract';
import { countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { attemptColumns } from '../../../attempt/attempt-columns.tsx';
import { links } from '../../../links.ts';
import { recentAttemptsQuery } from '../../../queries/attempt-queries.ts';
import { CutNote } from '../../../standing/cut-note.tsx';
import { KeptNote } from '../../../standing/kept-note.tsx';
import { ButtonLink } from '../../../ui/button/button.tsx';
import { DataTable } from '../../../ui/data-table/data-table.tsx';
import { EmptyState, Loaded, Skeleton } from '../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';

/** Every attempt, newest first: attaches and pushes, what came of them, who asked. */
export default function AttemptsPage() {
  const attempts = useQuery(recentAttemptsQuery());
  const attach = (
    <ButtonLink look="primary" href={links.attach()}>
      Attach hosts
    </ButtonLink>
  );
  return (
    <>
      <PageTitle>Attempts</PageTitle>
      <PageHeader
        noun="Attempts"
        sentence={attempts.data === undefined ? undefined : sentenceOf(attempts.data)}
        actions={attach}
      />
      <Loaded
        query={attempts}
        what="Attempts could not be read"
        skeleton={<Skeleton label="Loading attempts" />}
      >
        {(rows) => (
          <>
            <CutNote of="attempts" shown={rows.length} />
            <DataTable
              name="attempts"
              noun={['attempt', 'attempts']}
              rows={rows}
              rowId={({ id }) => id}
              rowLabel={({ mesh, state }) => `${mesh}, ${state}`}
              rowHref={({ id }) => links.attempt(id)}
              columns={attemptColumns}
              empty={
                <EmptyState title="No attempts yet" action={attach}>
                  An attempt is one try to attach to hosts and push the config to every one. Each is kept here
                  with the result per host.
                </EmptyState>
              }
            />
          </>
        )}
      </Loaded>
      <KeptNote what="Attempts that are over" />
    </>
  );
}

function sentenceOf(attempts: readonly AttemptSummary[]): string | undefined {
  const latest = attempts[0];
  if (latest === undefined) return undefined;
  const running = attempts.filter(({ state }) => state === 'running').length;
  return running > 0
    ? `${formatCount(running)} of ${countOf(attempts.length, 'attempt')} ${oneOrMany(running, 'is', 'are')} running.`
    : `The latest, ${latest.mesh}: ${latest.summary}`;
}
