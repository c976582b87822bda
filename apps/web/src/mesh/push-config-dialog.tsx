'use client';

import { routes, type Attempt, type Mesh } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { costOf, type Permissions } from '../cost/cost.ts';
import { CostQuestion } from '../cost/cost-question.tsx';
import { links } from '../links.ts';
import { configSnapshotQuery } from '../queries/config-queries.ts';
import { Button } from '../ui/button/button.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { ModalDialog } from '../ui/overlay/modal-dialog.tsx';
import styles from '../ui/overlay/overlay.module.css';
import { Facts } from '../ui/page/page-header.tsx';
import { DigestText } from '../ui/text/mono.tsx';

/** Pushes the mesh's config again to every host of a mesh, as an attempt of its own; then shows that attempt. */
export function PushConfigDialog({ mesh, onClose }: { mesh: Mesh; onClose: () => void }) {
  const { push: goTo } = useNavigate();
  const snapshot = useQuery(configSnapshotQuery());
  const [timeout, setTimeout] = useState('');
  const push = useMutation<Attempt, ApiError, Permissions>({
    mutationFn: ({ takeOver }) =>
      valueOf(
        client.call(routes.pushConfig, {
          params: { id: mesh.id },
          body: {
            ...(timeout.trim() === '' ? {} : { timeout: timeout.trim() }),
            ...(takeOver && { takeOver }),
          },
          headers: { prefer: 'respond-async' },
        }),
      ),
    onSuccess: (attempt) => goTo(links.attempt(attempt.id)),
  });
  const cost = costOf(push.error?.fault.problem);
  const changes = snapshot.data !== undefined && snapshot.data.digest !== mesh.configDigest;
  return (
    <ModalDialog title={`Push config to ${mesh.name}`} onClose={onClose}>
      <form
        className={styles['body']}
        onSubmit={(event) => {
          event.preventDefault();
          push.mutate({});
        }}
      >
        <p>
          All hosts get again what this mesh was last given, or none keeps it. That heals hosts that lost it.
          {changes &&
            ' The config of this console has changed since: to send that, attach the same hosts under the same name again.'}
        </p>
        <Facts
          facts={[
            ['Will be sent', <DigestText key="mesh" digest={mesh.configDigest} copy={false} />],
            [
              'Config of this console',
              snapshot.data === undefined ? (
                'not known yet'
              ) : (
                <DigestText key="own" digest={snapshot.data.digest} copy={false} />
              ),
            ],
          ]}
        />
        <label className={styles['field']}>
          <span>Timeout for all hosts together, as in 10s; empty for the config’s own</span>
          <input value={timeout} autoComplete="off" onChange={(event) => setTimeout(event.target.value)} />
        </label>
        {cost !== undefined && (
          <CostQuestion
            cost={cost}
            granted={push.variables ?? {}}
            isPending={push.isPending}
            onGrant={(permissions) => push.mutate(permissions)}
          />
        )}
        {push.isError && cost === undefined && (
          <p role="alert" className={styles['fault']}>
            {push.error.message}
          </p>
        )}
        <div className={styles['foot']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" whyDisabled={push.isPending ? 'It is being pushed' : null}>
            Push to {countOf(mesh.hosts.total, 'host')}
          </Button>
        </div>
      </form>
    </ModalDialog>
  );
}
