'use client';

import type { ProcDetail } from '@hostmesh/contract';
import { lazy, Suspense } from 'react';
import { links } from '../links.ts';
import { StopProcButton } from '../stop/stop-proc-button.tsx';
import { ButtonLink } from '../ui/button/button.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { PageHeader, Section } from '../ui/page/page-header.tsx';
import { usePageTitle } from '../ui/page/use-page-title.ts';
import { procMarks } from '../ui/state/mark.ts';
import { ProcFactList } from './proc-fact-list.tsx';
import { ProcStanding } from './proc-standing.tsx';
import { Timeline } from './timeline.tsx';
import { Usage } from './usage.tsx';
import { useProc, useUsageInterval } from './use-proc.ts';
import styles from './proc.module.css';

const LogView = lazy(async () => ({ default: (await import('../log/log-view.tsx')).LogView }));

/** One proc: how it stands, its output, its history, what it uses, what it is. */
export function ProcPage({ id }: { id: string }) {
  const proc = useProc(id);
  usePageTitle(proc.data && `${proc.data.name}, rank ${proc.data.rank}`);
  if (proc.data !== undefined) return <Loaded proc={proc.data} />;
  return (
    <>
      <PageHeader noun="Proc" />
      {proc.isError ? (
        <ErrorState
          what={`Proc ${id} could not be read`}
          error={proc.error}
          onRetry={() => void proc.refetch()}
        />
      ) : (
        <Skeleton />
      )}
    </>
  );
}

function Loaded({ proc }: { proc: ProcDetail }) {
  return (
    <>
      <PageHeader
        noun={`${proc.name}, rank ${proc.rank}`}
        mark={procMarks[proc.status]}
        actions={
          <>
            <ButtonLink href={links.procMesh(proc.procMeshId)}>All of {proc.name}</ButtonLink>
            <StopProcButton proc={proc} />
          </>
        }
      />
      <ProcDetails proc={proc} isPage />
    </>
  );
}

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
