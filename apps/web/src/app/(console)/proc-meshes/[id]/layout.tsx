'use client';

import { procMeshStanding, type ProcMeshView } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import { use, useState, type ReactNode } from 'react';
import { MeshProcs } from '../../../../proc-mesh/mesh-procs.tsx';
import { ProcFailures } from '../../../../proc-mesh/proc-failures.tsx';
import { ProcMeshActions } from '../../../../proc-mesh/proc-mesh-actions.tsx';
import { ProcMeshFacts, RawProcMesh } from '../../../../proc-mesh/proc-mesh-facts.tsx';
import { StatusCounts } from '../../../../proc-mesh/status-counts.tsx';
import { meshProcsQuery, procMeshQuery } from '../../../../queries/proc-mesh-queries.ts';
import { useDropSentDraft } from '../../../../spawn/use-draft.ts';
import { StopDialog, type StopTarget } from '../../../../stop/stop-dialog.tsx';
import { Loaded, Skeleton } from '../../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../../ui/page/page-header.tsx';
import { Split } from '../../../../ui/page/side-panel.tsx';

/**
 * One proc mesh: the verdict, where its procs are, what went wrong, every proc. `children` is the open rank's panel: the
 * list stays while panels come and go, which are pages below this layout.
 */
export default function ProcMeshLayout(props: { params: Promise<{ id: string }>; children: ReactNode }) {
  const procMesh = useQuery(procMeshQuery(decodeURIComponent(use(props.params).id)));
  return (
    <>
      <PageTitle>{useTitle(procMesh.data?.name)}</PageTitle>
      {procMesh.data === undefined && <PageHeader noun="Procs" />}
      <Loaded query={procMesh} what="This proc mesh could not be read">
        {(known) => <LoadedProcMesh procMesh={known} panel={props.children} />}
      </Loaded>
    </>
  );
}

/** Of the proc mesh, and of the rank that is open; before the proc mesh is known, only what is shown. */
function useTitle(name: string | undefined): string {
  const { rank } = useParams<{ rank?: string }>();
  if (rank === undefined) return name ?? 'Procs';
  return name === undefined ? 'Proc' : `${name}, rank ${decodeURIComponent(rank)}`;
}

function LoadedProcMesh({ procMesh, panel }: { procMesh: ProcMeshView; panel: ReactNode }) {
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
          <ProcMeshActions
            procMesh={procMesh}
            onStop={procs.data === undefined ? undefined : () => setTarget({ kind: 'all' })}
          />
        }
      />
      <StatusCounts procMesh={procMesh} />
      <ProcFailures procMesh={procMesh} />
      <Loaded
        query={procs}
        what="The procs could not be read"
        skeleton={<Skeleton lines={10} label={`Loading ${countOf(procMesh.counts.total, 'proc')}`} />}
      >
        {(rows) => (
          <MeshProcs
            procMesh={procMesh}
            procs={rows}
            onStop={(some) => setTarget({ kind: 'some', procs: some })}
          />
        )}
      </Loaded>
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
