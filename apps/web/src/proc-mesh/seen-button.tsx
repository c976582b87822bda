'use client';

import { routes, type ProcMeshView } from '@hostmesh/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';
import { viewKey } from '../live/views.ts';
import { Button } from '../ui/button/button.tsx';
import { notify } from '../ui/feedback/notices.tsx';

/** Says that somebody has seen what a proc mesh needs attention for; nothing where it needs none. Who and when is recorded. */
export function SeenButton({ procMesh }: { procMesh: Pick<ProcMeshView, 'id' | 'name' | 'needsAttention'> }) {
  const queries = useQueryClient();
  const seen = useMutation({
    mutationFn: () => valueOf(client.call(routes.seenProcMesh, { params: { id: procMesh.id } })),
    onSuccess(reply) {
      queries.setQueryData(viewKey('procMesh', reply.id), reply);
      void queries.invalidateQueries({ queryKey: viewKey('procMeshes') });
    },
    onError: (error) => notify('failed', `${procMesh.name} is not marked as seen: ${error.message}`),
  });
  if (!procMesh.needsAttention) return null;
  return (
    <Button
      whyDisabled={seen.isPending ? 'It is being recorded' : null}
      aria-label={`Mark as seen: ${procMesh.name}`}
      onClick={() => seen.mutate()}
    >
      {seen.isPending ? 'Marking' : 'Mark as seen'}
    </Button>
  );
}
