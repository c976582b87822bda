'use client';

import { routes, type Attempt } from '@hostmesh/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { Button, ButtonLink } from '../ui/button/button.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import { PageHeader } from '../ui/page/page-header.tsx';
import { attemptMarks } from '../ui/state/mark.ts';
import { AttemptFacts } from './attempt-facts.tsx';
import { AttemptFailures } from './attempt-failures.tsx';
import { HostResults } from './host-results.tsx';
import { Progress } from './progress.tsx';
import { attemptHostsQuery, attemptQuery } from '../queries/attempt-queries.ts';
import { RawAttempt } from './raw-attempt.tsx';
import { canRetry } from './retry.ts';
import { RetryDialog, retryVerb } from './retry-dialog.tsx';

/** One attempt: the verdict, where hosts are, what went wrong, and what each host said. Live while it runs. */
export function AttemptPage({ id }: { id: string }) {
  const attempt = useQuery(attemptQuery(id));
  if (attempt.isPending) return <Skeleton label="Loading the attempt" />;
  if (attempt.data === undefined) {
    return (
      <ErrorState what={`Attempt ${id} could not be read`} error={attempt.error} onRetry={attempt.refetch} />
    );
  }
  return <Loaded attempt={attempt.data} />;
}

function Loaded({ attempt }: { attempt: Attempt }) {
  const hosts = useQuery(attemptHostsQuery(attempt.id));
  const [retrying, setRetrying] = useState(false);
  return (
    <>
      <PageHeader
        noun={`${attempt.kind === 'attach' ? 'Attach' : 'Push to'} ${attempt.mesh}`}
        mark={attemptMarks[attempt.state]}
        sentence={attempt.summary}
        actions={
          <Actions
            attempt={attempt}
            onRetry={hosts.data === undefined ? undefined : () => setRetrying(true)}
          />
        }
      />
      <Progress attempt={attempt} />
      <AttemptFailures attempt={attempt} />
      <HostResults attempt={attempt} hosts={hosts} />
      <AttemptFacts attempt={attempt} />
      <RawAttempt attempt={attempt} hosts={hosts.data} />
      {retrying && hosts.data !== undefined && (
        <RetryDialog attempt={attempt} hosts={hosts.data} onClose={() => setRetrying(false)} />
      )}
    </>
  );
}

function Actions({ attempt, onRetry }: { attempt: Attempt; onRetry: (() => void) | undefined }) {
  const cancel = useMutation<Attempt, ApiError>({
    mutationFn: () => valueOf(client.call(routes.cancelAttempt, { params: { id: attempt.id } })),
    onError: (error) => notify('failed', `The attempt was not cancelled. ${error.message}`),
  });
  if (attempt.state === 'running') {
    return (
      <Button look="danger" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
        {cancel.isPending ? 'Cancelling' : 'Cancel attempt'}
      </Button>
    );
  }
  if (attempt.meshId !== null) {
    return (
      <ButtonLink look="primary" href={links.mesh(attempt.meshId)}>
        Open mesh {attempt.mesh}
      </ButtonLink>
    );
  }
  if (!canRetry(attempt)) return null;
  const { failed, total } = attempt.counts;
  return (
    <>
      {attempt.kind === 'attach' && (
        <ButtonLink href={links.attach({ from: attempt.id })}>Edit and attach again</ButtonLink>
      )}
      <Button look="primary" disabled={onRetry === undefined} onClick={onRetry}>
        {retryVerb(failed > 0 ? 'failed' : 'all', failed, total)}
      </Button>
    </>
  );
}
