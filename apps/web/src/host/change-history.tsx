'use client';

import { routes, type StateChange } from '@hostmesh/contract';
import { countOf, printDuration } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';
import { Time } from '../ui/time/time.tsx';
import styles from './host.module.css';

const SHOWN = 50;

/** How a host has been, change by change, the newest first. `since` of its present health makes it read again. */
export function HostHistory({ meshId, rank, since }: { meshId: string; rank: number; since: string }) {
  const history = useQuery({
    queryKey: ['host-history', meshId, rank, since],
    queryFn: ({ signal }) =>
      valueOf(
        client.call(routes.hostHistory, { params: { id: meshId, rank }, query: { limit: SHOWN }, signal }),
      ),
    placeholderData: (before) => before,
  });
  if (history.data === undefined) {
    return history.error === null ? (
      <p className="quiet">Reading…</p>
    ) : (
      <p role="alert">The history could not be read: {history.error.message}</p>
    );
  }
  const { items, total = items.length } = history.data;
  if (items.length === 0) return <p className="quiet">Nothing has changed since it was attached.</p>;
  return (
    <>
      <ol className={styles['history']}>
        {items.map((change) => (
          <li key={change.recordedAt + change.to}>
            <Time at={change.at} /> {changeText(change)}
          </li>
        ))}
      </ol>
      {total > items.length && (
        <p className="quiet">
          The last {SHOWN} of {countOf(total, 'change')}.
        </p>
      )}
    </>
  );
}

function changeText({ to, why, durationMs }: StateChange): string {
  const lasted = durationMs === null ? '' : ` for ${printDuration(Math.round(durationMs / 1000) * 1000)}`;
  return `${to.replaceAll('_', ' ')}${lasted}${why === null ? '' : `: ${why}`}`;
}
