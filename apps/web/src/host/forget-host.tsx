'use client';

import { routes, type ForgetHostReply, type MeshHost } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, valueOf } from '../api/client.ts';
import { Button } from '../ui/button/button.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import { ConfirmDialog } from '../ui/overlay/confirm-dialog.tsx';

/** What can be done about a host that is not there any more: give it up, after a look at what that means. */
export function ForgetHost({ meshId, host }: { meshId: string; host: MeshHost }) {
  const [isOpen, setOpen] = useState(false);
  if (host.hostId === null || (host.health !== 'replaced' && host.health !== 'unreachable')) return null;
  return (
    <p>
      <Button look="danger" onClick={() => setOpen(true)}>
        Give up this host
      </Button>
      {isOpen && (
        <ForgetHostDialog meshId={meshId} host={host} hostId={host.hostId} onClose={() => setOpen(false)} />
      )}
    </p>
  );
}

function ForgetHostDialog(props: { meshId: string; host: MeshHost; hostId: string; onClose: () => void }) {
  const { meshId, host, hostId, onClose } = props;
  const ask = (dryRun: boolean, signal?: AbortSignal): Promise<ForgetHostReply> =>
    valueOf(
      client.call(routes.forgetHost, {
        params: { id: meshId, rank: host.rank },
        body: { hostId, dryRun },
        ...(signal && { signal }),
      }),
    );
  const preview = useQuery({
    queryKey: ['forget-host', meshId, hostId],
    queryFn: ({ signal }) => ask(true, signal),
    staleTime: 0,
  });
  const forget = useMutation({
    mutationFn: () => ask(false),
    onSuccess: ({ procsTotal }) => {
      notify(
        'good',
        `${host.address} was given up${procsTotal > 0 ? ` with ${countOf(procsTotal, 'proc')}` : ''}.`,
      );
      onClose();
    },
  });
  const found = preview.data;
  return (
    <ConfirmDialog
      title={`Give up the host at ${host.address}`}
      targets={(found?.procs ?? []).map(({ name, rank }) => `${name} rank ${rank}`)}
      noun="proc"
      verb="Give up host"
      word="give up"
      isPending={forget.isPending || found === undefined}
      error={forget.error ?? preview.error}
      onConfirm={() => forget.mutate()}
      onClose={onClose}
    >
      <p>
        Nothing more is expected of host <code>{hostId}</code>: its procs count as lost. Where they still run,
        nobody stops them or looks after them. Whoever answers at {host.address} takes its rank.
      </p>
      {found !== undefined && (
        <p>
          {found.procsTotal === 0
            ? 'No procs are known on it.'
            : `${countOf(found.procsTotal, 'proc')} on it:`}
        </p>
      )}
    </ConfirmDialog>
  );
}
