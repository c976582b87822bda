'use client';

import { useEffect, useState, type ReactNode } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { Button } from '../button/button.tsx';
import { Shape } from '../state/state-mark.tsx';
import { CopyButton } from '../text/copy-button.tsx';
import { Time } from '../time/time.tsx';
import styles from './states.module.css';

/** Nothing to show: what this place is for, why it is empty, and the one next step. */
export function EmptyState(props: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles['box']}>
      <h2>{props.title}</h2>
      <p>{props.children}</p>
      {props.action}
    </div>
  );
}

/**
 * Something failed: what, to whom, whether it is tried again, a retry button and the request id. `tone` is `unknown`
 * where the rest of the page stands, and only this is not known.
 */
export function ErrorState(props: {
  what: string;
  error: ApiError;
  tone?: 'failed' | 'unknown';
  onRetry: () => void;
}) {
  const { what, error, tone = 'failed', onRetry } = props;
  const requestId = error.fault.problem?.requestId;
  return (
    <div className={styles['box']} role="alert">
      <h2>
        <Shape tone={tone} /> {what}
      </h2>
      <p>{error.message}</p>
      <div className={styles['row']}>
        <Button onClick={onRetry}>Try again</Button>
        <span className="quiet">
          {error.isTransient ? 'Also tried again by itself.' : 'Not tried again by itself.'}
        </span>
      </div>
      {requestId !== undefined && (
        <p className={styles['request']}>
          Request <code>{requestId}</code>
          <CopyButton text={requestId} label="Copy request id" />
        </p>
      )}
    </div>
  );
}

/** Holds the layout while something loads; invisible for the first 300 ms, so that quick answers do not flicker. */
export function Skeleton({ lines = 6, label = 'Loading' }: { lines?: number; label?: string }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles['skeleton']} data-visible={visible || undefined} aria-busy="true">
      <span className="unseen" role="status">
        {visible ? label : ''}
      </span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={styles['bone']} />
      ))}
    </div>
  );
}

/**
 * What a query has read, as `children` show it. Before there is anything: the skeleton, or what could not be read and
 * why. What was read once stays when a later reading fails.
 */
export function Loaded<T>(props: {
  query: {
    readonly data: T | undefined;
    readonly error: ApiError | null;
    readonly refetch: () => Promise<unknown>;
  };
  what: string;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = props.query;
  if (data !== undefined) return props.children(data);
  if (error === null) return props.skeleton ?? <Skeleton />;
  return <ErrorState what={props.what} error={error} onRetry={() => void refetch()} />;
}

/** What is shown is old: since when, why, and what is being tried. */
export function StaleNote({ since, children }: { since: number; children: ReactNode }) {
  return (
    <p className={styles['stale']} role="status">
      <Shape tone="unknown" />
      <span>
        Last read <Time at={new Date(since).toISOString()} />. {children}
      </span>
    </p>
  );
}
