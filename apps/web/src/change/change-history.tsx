'use client';

import { changedByText, stateWord, type StateChange } from '@hostmesh/contract';
import { printDuration } from '@hostmesh/core';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { CHANGES_SHOWN } from '../queries/change-queries.ts';
import { Loaded, Skeleton, StaleNote } from '../ui/feedback/states.tsx';
import { DateTime } from '../ui/time/time.tsx';
import styles from './change.module.css';

/** A list of changes as it was read, and what became of reading it again. */
export interface ReadChanges<Item> {
  readonly data: { readonly items: readonly Item[]; readonly total?: number | undefined } | undefined;
  readonly error: ApiError | null;
  readonly dataUpdatedAt: number;
  readonly refetch: () => Promise<unknown>;
}

/** The last changes of one thing, the newest first: when, what it became and for how long, by whom, and why. */
export function ChangeHistory<Item extends StateChange>(props: {
  query: ReadChanges<Item>;
  /** What is said when there are none. */
  empty: string;
  /** What a change is of, where the list is of several things. */
  of?: (change: Item) => ReactNode;
}) {
  const { query, empty, of } = props;
  return (
    <>
      <StaleChanges query={query} />
      <Loaded query={query} what="The history could not be read" skeleton={<Skeleton lines={3} />}>
        {({ items, total }) =>
          items.length === 0 ? (
            <p className="quiet">{empty}</p>
          ) : (
            <>
              <ol className={styles['history']}>
                {items.map((change) => (
                  <li key={`${change.recordedAt} ${change.at} ${change.from} ${change.to}`}>
                    <DateTime at={change.at} /> {of?.(change)} {changeText(change)}
                  </li>
                ))}
              </ol>
              {(total === undefined || total > items.length) && (
                <p className="quiet">
                  The last {CHANGES_SHOWN} of {total?.toLocaleString('en') ?? 'more than 10,000'} changes.
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </>
  );
}

/** Says so where what is shown could not be read again. */
export function StaleChanges({ query }: { query: Pick<ReadChanges<never>, 'error' | 'dataUpdatedAt'> }) {
  if (query.error === null || query.dataUpdatedAt === 0) return null;
  return (
    <StaleNote since={query.dataUpdatedAt}>
      What changed since then is not shown: {query.error.message}
    </StaleNote>
  );
}

/** A change in words: `unreachable for 2m, by ops (stop): no answer for 5s`. */
export function changeText({ to, why, by, act, durationMs }: StateChange): string {
  const lasted = durationMs === null ? '' : ` for ${printDuration(Math.round(durationMs / 1000) * 1000)}`;
  const who = changedByText({ by, act });
  return `${stateWord(to)}${lasted}${who === '' ? '' : `, by ${who}`}${why === null ? '' : `: ${why}`}`;
}
