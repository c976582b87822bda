'use client';

import { countOf } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { hostConfigQuery } from '../queries/host-queries.ts';
import { Button } from '../ui/button/button.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { Time } from '../ui/time/time.tsx';
import { ConfigEntry, isPushShadowed } from './config-entry.tsx';
import styles from './host.module.css';

/** What a host's config is made of: for every key the value in force, its layer, and the layers it wins over. */
export function HostConfig({ hostId }: { hostId: string }) {
  const config = useQuery(hostConfigQuery(hostId));
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  const entries = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return (config.data?.entries ?? []).filter(
      (entry) =>
        (all || wanted !== '' || entry.changed_from_default || isPushShadowed(entry)) &&
        `${entry.key ?? ''} ${entry.name} ${entry.value}`.toLowerCase().includes(wanted),
    );
  }, [config.data, text, all]);
  if (config.data === undefined) {
    if (!config.isError) return <Skeleton lines={8} label="Asking the host for its config" />;
    return (
      <ErrorState
        what="The host’s config could not be read"
        error={config.error}
        onRetry={() => void config.refetch()}
      />
    );
  }
  const { owner, epoch, unknownKeys, entries: total } = config.data;
  return (
    <>
      <p className={styles['owner']}>
        {owner === null ? 'No client has pushed config to this host.' : `Pushed by ${owner}, epoch ${epoch}.`}{' '}
        Read <Time at={new Date(config.dataUpdatedAt).toISOString()} />.{' '}
        <Button
          look="quiet"
          whyDisabled={config.isFetching ? 'The host is being asked' : null}
          onClick={() => void config.refetch()}
        >
          Read again
        </Button>
      </p>
      {unknownKeys.length > 0 && (
        <p className={styles['owner']}>
          This agent does not know {countOf(unknownKeys.length, 'pushed key')} and keeps them unused:{' '}
          <code>{unknownKeys.join(', ')}</code>.
        </p>
      )}
      <div className={styles['find']}>
        <input
          type="search"
          value={text}
          placeholder="Key or value"
          aria-label="Find a config key"
          onChange={(event) => setText(event.target.value)}
        />
        <label>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> all keys
        </label>
        <span className="quiet" role="status">
          {entries.length} of {total.length}
        </span>
      </div>
      {entries.length === 0 && (
        <p className="quiet">
          {text === '' ? 'Every key has its default value here.' : `No key or value contains “${text}”.`}
        </p>
      )}
      <ul className={styles['entries']}>
        {entries.map((entry) => (
          <ConfigEntry key={entry.name} entry={entry} />
        ))}
      </ul>
    </>
  );
}
