'use client';

import type { Proc, ProcMeshView } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { links } from '../links.ts';
import { meshQuery } from '../queries/mesh-queries.ts';
import { isOwned } from '../standing/mesh-standing.ts';
import { queryOfProcMesh } from '../spawn/form-query.ts';
import { useDropSentDraft } from '../spawn/use-draft.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Button, ButtonLink } from '../ui/button/button.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { PageHeader } from '../ui/page/page-header.tsx';
import { Split } from '../ui/page/side-panel.tsx';
import { usePageTitle } from '../ui/page/use-page-title.ts';
import { countOf } from '../ui/text/count.ts';
import { ProcFailures } from './proc-failures.tsx';
import { MeshProcs } from './mesh-procs.tsx';
import { ProcMeshFacts } from './proc-mesh-facts.tsx';
import styles from './proc-mesh.module.css';
import { meshProcsQuery, procMeshQuery } from '../queries/proc-mesh-queries.ts';
import { RawProcMesh } from './raw-proc-mesh.tsx';
import { canStop, procMeshStanding } from '../standing/proc-mesh-standing.ts';
import { StatusCounts } from './status-counts.tsx';
import { StopDialog, type StopTarget } from '../stop/stop-dialog.tsx';

/** One proc mesh: the verdict, where its procs are, what went wrong, every proc. `children` is the open rank's panel. */
export function ProcMeshPage({ id, children }: { id: string; children: ReactNode }) {
  const procMesh = useQuery(procMeshQuery(id));
  const { rank } = useParams<{ rank?: string }>();
  const name = procMesh.data?.name;
  usePageTitle(name && (rank === undefined ? name : `${name}, rank ${decodeURIComponent(rank)}`));
  if (procMesh.data !== undefined) return <Loaded procMesh={procMesh.data} panel={children} />;
  return (
    <>
      <PageHeader noun="Procs" />
      {procMesh.isError ? (
        <ErrorState
          what="This proc mesh could not be read"
          error={procMesh.error}
          onRetry={() => void procMesh.refetch()}
        />
      ) : (
        <Skeleton />
      )}
    </>
  );
}

function Loaded({ procMesh, panel }: { procMesh: ProcMeshView; panel: ReactNode }) {
  const procs = useQuery(meshProcsQuery(procMesh.id));
  useDropSentDraft(procMesh);
  const [target, setTarget] = useState<StopTarget | null>(null);
  return (
    <Split panel={panel}>
      <PageHeader
        noun={procMesh.name}
        mark={procMeshStanding(procMesh)}
        sentence={procMesh.summary}
        actions={
          <Actions
            procMesh={procMesh}
            procs={procs.data}
            onStop={procs.data === undefined ? undefined : () => setTarget({ kind: 'all' })}
          />
        }
      />
      <StatusCounts
        counts={procMesh.counts}
        hrefOf={(status) => links.procMesh(procMesh.id, { filter: `status:${status.toLowerCase()}` })}
      />
      <Residue procMesh={procMesh} />
      <ProcFailures procMesh={procMesh} />
      {procs.data !== undefined ? (
        <MeshProcs
          procMesh={procMesh}
          procs={procs.data}
          onStop={(some: readonly Proc[]) => setTarget({ kind: 'some', procs: some })}
        />
      ) : procs.isError ? (
        <ErrorState
          what="The procs could not be read"
          error={procs.error}
          onRetry={() => void procs.refetch()}
        />
      ) : (
        <Skeleton lines={10} label={`Loading ${countOf(procMesh.counts.total, 'proc')}`} />
      )}
      <ProcMeshFacts procMesh={procMesh} />
      <RawProcMesh procMesh={procMesh} />
      {target !== null && (
        <StopDialog
          procMesh={procMesh}
          procs={procs.data ?? []}
          target={target}
          onClose={() => setTarget(null)}
        />
      )}
    </Split>
  );
}

function Actions(props: {
  procMesh: ProcMeshView;
  procs: readonly Proc[] | undefined;
  onStop: (() => void) | undefined;
}) {
  const { procMesh, onStop } = props;
  const mesh = useQuery(meshQuery(procMesh.meshId));
  return (
    <>
      {mesh.data !== undefined && isOwned(mesh.data) && (
        <ButtonLink href={links.spawn(procMesh.meshId, queryOfProcMesh(procMesh))}>
          Spawn these again
        </ButtonLink>
      )}
      {canStop(procMesh, props.procs) && (
        <Button
          look="danger"
          disabled={onStop === undefined || procMesh.state === 'stopping'}
          onClick={onStop}
        >
          {procMesh.state === 'stopping' ? 'Stopping' : 'Stop'}
        </Button>
      )}
    </>
  );
}

/** What a spawn that failed may have left behind, said where nobody can miss it. */
function Residue({ procMesh }: { procMesh: ProcMeshView }) {
  if (procMesh.state !== 'spawn_failed' || procMesh.residue === 0) return null;
  return (
    <p className={styles['residue']} role="status">
      <strong>{countOf(procMesh.residue, 'proc')}</strong> of {countOf(procMesh.counts.total, 'proc')} may
      still run: the roll-back was not confirmed there. Their hosts stop them when nobody vouches for them any
      more; until then they are listed as <AppLink href={links.orphans()}>orphans</AppLink>.
    </p>
  );
}
