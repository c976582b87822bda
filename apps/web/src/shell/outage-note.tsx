'use client';

import { useQuery } from '@tanstack/react-query';
import { outagesQuery, type Outage } from '../queries/ready-queries.ts';
import { Shape } from '../ui/state/state-mark.tsx';
import { Time } from '../ui/time/time.tsx';
import styles from './shell.module.css';

const names: Readonly<Record<Outage['part'], string>> = {
  api: 'The API does not answer',
  database: 'The database does not answer',
  disk: 'The disk takes nothing more',
  process: 'The API is overloaded',
};

/** On every page: which part does not work, since when, and how that shows. Nothing while all do. */
export function OutageNote() {
  const { data: outages = [] } = useQuery(outagesQuery());
  if (outages.length === 0) return null;
  return (
    <ul className={styles['outages']} role="alert">
      {outages.map(({ part, since, detail }) => (
        <li key={part}>
          <Shape tone="failed" />
          <span>
            <b>{names[part]}</b> since <Time at={new Date(since).toISOString()} />: {detail}.
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What does not answer, in a word for the chip; null when everything does. */
export function useOutage(): string | null {
  const { data: outages = [] } = useQuery(outagesQuery());
  const worst = outages.find(({ part }) => part !== 'process');
  return worst === undefined ? null : words[worst.part];
}

const words: Readonly<Record<Outage['part'], string>> = {
  api: 'no API',
  database: 'no database',
  disk: 'disk full',
  process: 'slow',
};
