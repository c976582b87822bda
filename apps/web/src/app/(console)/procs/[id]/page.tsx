'use client';

import type { Proc } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { use, useState } from 'react';
import { links } from '../../../../links.ts';
import { ProcDetails } from '../../../../proc/proc-details.tsx';
import { useProc } from '../../../../proc/use-proc.ts';
import { procMeshQuery } from '../../../../queries/proc-mesh-queries.ts';
import { mayRun } from '../../../../standing/proc-mesh-standing.ts';
import { StopDialog } from '../../../../stop/stop-dialog.tsx';
import { Button, ButtonLink } from '../../../../ui/button/button.tsx';
import { Loaded } from '../../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../../ui/page/page-header.tsx';
import { procMarks } from '../../../../ui/state/mark.ts';

/** One proc: how it stands, its output, its history, what it uses, what it is. */
export default function ProcPage(props: { params: Promise<{ id: string }> }) {
  const id = decodeURIComponent(use(props.params).id);
  const proc = useProc(id);
  const name = proc.data && `${proc.data.name}, rank ${proc.data.rank}`;
  return (
    <>
      <PageTitle>{name ?? 'Proc'}</PageTitle>
      {proc.data === undefined && <PageHeader noun="Proc" />}
      <Loaded query={proc} what={`Proc ${id} could not be read`}>
        {(known) => (
          <>
            <PageHeader
              noun={name}
              mark={procMarks[known.status]}
              actions={
                <>
                  <ButtonLink href={links.procMesh(known.procMeshId)}>All of {known.name}</ButtonLink>
                  <StopProcButton proc={known} />
                </>
              }
            />
            <ProcDetails proc={known} isPage />
          </>
        )}
      </Loaded>
    </>
  );
}

/** Stops one proc; nothing where there is nothing to stop. */
function StopProcButton({ proc }: { proc: Proc }) {
  const procMesh = useQuery(procMeshQuery(proc.procMeshId));
  const [target, setTarget] = useState<readonly Proc[] | null>(null);
  return (
    <>
      {mayRun(proc) && (
        <Button
          look="danger"
          whyDisabled={procMesh.data === undefined ? 'Its proc mesh is not loaded yet' : null}
          onClick={() => setTarget([proc])}
        >
          Stop
        </Button>
      )}
      {target !== null && procMesh.data !== undefined && (
        <StopDialog
          procMesh={procMesh.data}
          procs={target}
          target={{ kind: 'some', procs: target }}
          onClose={() => setTarget(null)}
        />
      )}
    </>
  );
}
