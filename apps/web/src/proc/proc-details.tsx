'use client';

import type { ProcDetail } from '@hostmesh/contract';
import { lazy, Suspense } from 'react';
import { Skeleton } from '../ui/feedback/states.tsx';
import { Section } from '../ui/page/page-header.tsx';
import { ProcFactList } from './proc-fact-list.tsx';
import { ProcStanding } from './proc-standing.tsx';
import styles from './proc.module.css';
import { Timeline } from './timeline.tsx';
import { Usage } from './usage.tsx';
import { useUsageInterval } from './use-proc.ts';

const LogView = lazy(async () => ({ default: (await import('../log/log-view.tsx')).LogView }));

/** What there is to know of a proc, on its page and in the panel beside the list. */
export function ProcDetails({ proc, isPage = false }: { proc: ProcDetail; isPage?: boolean }) {
  const askedMs = useUsageInterval()(proc);
  return (
    <>
      {/* The page's header has the mark already. */}
      <ProcStanding proc={proc} noMark={isPage} />
      <Section
        title="Usage"
        aside={
          askedMs !== false && <span className={styles['aside']}>asked for every {askedMs / 1000} s</span>
        }
      >
        <Usage proc={proc} />
      </Section>
      <Section title="Output">
        <Suspense fallback={<Skeleton lines={8} label="Loading the output" />}>
          <LogView
            key={proc.id}
            procId={proc.id}
            silentSince={proc.status === 'Unknown' ? proc.since : null}
          />
        </Suspense>
      </Section>
      <div className={styles['two']}>
        <Section title="History">
          <Timeline procId={proc.id} version={`${proc.generation} ${proc.status}`} />
        </Section>
        <Section title="About this proc">
          <ProcFactList proc={proc} />
        </Section>
      </div>
    </>
  );
}
