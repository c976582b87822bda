'use client';

import { use } from 'react';
import { links } from '../../../../links.ts';
import { ProcDetails } from '../../../../proc/proc-details.tsx';
import { useProc } from '../../../../proc/use-proc.ts';
import { StopProcButton } from '../../../../stop/stop-proc-button.tsx';
import { ButtonLink } from '../../../../ui/button/button.tsx';
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
