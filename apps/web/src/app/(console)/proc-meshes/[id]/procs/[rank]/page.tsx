'use client';

import { useQuery } from '@tanstack/react-query';
import { use } from 'react';
import { links } from '../../../../../../links.ts';
import { ProcDetails } from '../../../../../../proc/proc-details.tsx';
import { useProc } from '../../../../../../proc/use-proc.ts';
import { meshProcsQuery } from '../../../../../../queries/proc-mesh-queries.ts';
import { AppLink } from '../../../../../../ui/app-link.tsx';
import { Loaded, Skeleton } from '../../../../../../ui/feedback/states.tsx';
import { SidePanel } from '../../../../../../ui/page/side-panel.tsx';
import { parseRank } from '../../../../../../ui/text/plain-text.ts';

/** One rank of a proc mesh beside the list, which stays as it is. The rank is as the URL has it, which may be anything. */
export default function ProcPanel(props: { params: Promise<{ id: string; rank: string }> }) {
  const params = use(props.params);
  const [procMeshId, text] = [decodeURIComponent(params.id), decodeURIComponent(params.rank)];
  const procs = useQuery(meshProcsQuery(procMeshId));
  if (procs.data === undefined) return null;
  const rank = parseRank(text);
  const proc = procs.data.find((one) => one.rank === rank);
  return (
    <SidePanel title={`Rank ${text}`} closeHref={links.procMesh(procMeshId)} wide>
      {proc === undefined ? <p>These procs have no rank {text}.</p> : <Details key={proc.id} id={proc.id} />}
    </SidePanel>
  );
}

function Details({ id }: { id: string }) {
  const proc = useProc(id);
  return (
    <Loaded query={proc} what="This proc could not be read" skeleton={<Skeleton lines={10} />}>
      {(known) => (
        <>
          <p>
            <AppLink href={links.proc(id)}>Open on its own page</AppLink>
          </p>
          <ProcDetails proc={known} />
        </>
      )}
    </Loaded>
  );
}
