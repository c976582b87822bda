'use client';

import type { Attempt } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { use, useState } from 'react';
import { AttemptActions } from '../../../../attempt/attempt-actions.tsx';
import { AttemptFacts, RawAttempt } from '../../../../attempt/attempt-facts.tsx';
import { AttemptFailures } from '../../../../attempt/attempt-failures.tsx';
import { AttemptHistory } from '../../../../attempt/attempt-history.tsx';
import { HostResults } from '../../../../attempt/host-results.tsx';
import { Progress } from '../../../../attempt/progress.tsx';
import type { RetryKind } from '../../../../attempt/retry.ts';
import { RetryDialog } from '../../../../attempt/retry-dialog.tsx';
import { attemptHostsQuery, attemptQuery } from '../../../../queries/attempt-queries.ts';
import { Loaded, Skeleton } from '../../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../../ui/page/page-header.tsx';
import { attemptMarks } from '../../../../ui/state/mark.ts';

/** One attempt: the verdict, where hosts are, what went wrong, and what each host said. Live while it runs. */
export default function AttemptPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = use(params);
  const attempt = useQuery(attemptQuery(id));
  return (
    <>
      <PageTitle>Attempt</PageTitle>
      <Loaded
        query={attempt}
        what={`Attempt ${id} could not be read`}
        skeleton={<Skeleton label="Loading the attempt" />}
      >
        {(known) => <LoadedAttempt attempt={known} />}
      </Loaded>
    </>
  );
}

const nouns = { attach: 'Attach', push: 'Push to', heal: 'Heal of' } as const;

function LoadedAttempt({ attempt }: { attempt: Attempt }) {
  const hosts = useQuery(attemptHostsQuery(attempt.id));
  const [retrying, setRetrying] = useState<{ only: RetryKind | undefined } | null>(null);
  const retry = hosts.data === undefined ? undefined : (only?: RetryKind) => setRetrying({ only });
  return (
    <>
      <PageHeader
        noun={`${nouns[attempt.kind]} ${attempt.mesh}`}
        mark={attemptMarks[attempt.state]}
        sentence={attempt.summary}
        actions={<AttemptActions attempt={attempt} onRetry={retry} />}
      />
      <Progress attempt={attempt} />
      <AttemptFailures attempt={attempt} />
      <HostResults attempt={attempt} hosts={hosts} />
      <AttemptFacts attempt={attempt} />
      <AttemptHistory attempt={attempt} />
      <RawAttempt attempt={attempt} hosts={hosts.data} />
      {retrying !== null && hosts.data !== undefined && (
        <RetryDialog
          attempt={attempt}
          hosts={hosts.data}
          only={retrying.only}
          onClose={() => setRetrying(null)}
        />
      )}
    </>
  );
}
