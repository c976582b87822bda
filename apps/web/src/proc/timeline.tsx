'use client';

import type { ProcTransition } from '@hostmesh/contract';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { procHistoryQuery } from '../queries/proc-queries.ts';
import { Button } from '../ui/button/button.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { formatDuration } from '../ui/time/format.ts';
import { Elapsed, Time } from '../ui/time/time.tsx';
import styles from './proc.module.css';

/** Every change of a proc's status, newest first, with how long it stayed so. `version` changes when the proc does. */
export function Timeline({ procId, version }: { procId: string; version: string }) {
  const queries = useQueryClient();
  const history = useInfiniteQuery(procHistoryQuery(procId));
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: procHistoryQuery(procId).queryKey });
  }, [queries, procId, version]);
  const steps = history.data?.pages.flatMap(({ items }) => items);
  if (steps === undefined) {
    return history.isError ? (
      <ErrorState
        what="The history could not be read"
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    ) : (
      <Skeleton lines={4} />
    );
  }
  if (steps.length === 0) return <p className="quiet">Nothing has been heard of this proc yet.</p>;
  return (
    <>
      <ol className={styles['timeline']}>
        {steps.map((step, index) => (
          <Step
            key={`${step.generation} ${step.recordedAt} ${step.status}`}
            step={step}
            next={steps[index - 1]}
          />
        ))}
      </ol>
      {history.hasNextPage && (
        <Button
          look="quiet"
          whyDisabled={history.isFetchingNextPage ? 'They are being loaded' : null}
          onClick={() => void history.fetchNextPage()}
        >
          Load older
        </Button>
      )}
    </>
  );
}

/** One change. `next` is the change after it, at whose time this state ended. */
function Step({ step, next }: { step: ProcTransition; next: ProcTransition | undefined }) {
  const details = [
    step.source === 'controller' && 'concluded by the controller',
    step.pid !== null && `pid ${step.pid}`,
    step.exitCode !== null && `exit code ${step.exitCode}`,
    step.signal,
    step.cause !== null && `cause: ${step.cause}`,
    `generation ${step.generation}`,
  ].filter((part) => part !== false && part !== null);
  return (
    <li className={styles['step']}>
      <StateMark mark={procMarks[step.status]} past={next !== undefined} />
      <span>{step.statusText}</span>
      <span>
        <Time at={step.at} />
      </span>
      <small>
        {details.join(' · ')}
        {' · '}
        {next === undefined ? (
          <>
            for <Elapsed since={step.at} />
          </>
        ) : (
          `for ${formatDuration(Math.max(0, Date.parse(next.at) - Date.parse(step.at)))}`
        )}
      </small>
    </li>
  );
}
