'use client';

import { useQuery } from '@tanstack/react-query';
import { links } from '../links.ts';
import { meshProcsQuery } from '../queries/proc-mesh-queries.ts';
import { AppLink } from '../ui/app-link.tsx';
import { ErrorState, Skeleton } from '../ui/feedback/states.tsx';
import { SidePanel } from '../ui/page/side-panel.tsx';
import { ProcDetails } from './proc-page.tsx';
import { parseRank } from '../ui/text/rank.ts';
import { useProc } from './use-proc.ts';

/** One rank of a proc mesh beside the list, which stays as it is. `rank` is as the URL has it, which may be anything. */
export function ProcPanel({ procMeshId, rank: text }: { procMeshId: string; rank: string }) {
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
  if (proc.data === undefined) {
    if (!proc.isError) return <Skeleton lines={10} />;
    return (
      <ErrorState what="This proc could not be read" error={proc.error} onRetry={() => void proc.refetch()} />
    );
  }
  return (
    <>
      <p>
        <AppLink href={links.proc(id)}>Open on its own page</AppLink>
      </p>
      <ProcDetails proc={proc.data} />
    </>
  );
}
