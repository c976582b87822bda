'use client';

import { routes, type Mesh } from '@hostmesh/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { configSnapshotQuery } from '../queries/config-queries.ts';
import { Button } from '../ui/button/button.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { ModalDialog } from '../ui/overlay/modal-dialog.tsx';
import styles from '../ui/overlay/overlay.module.css';
import { Facts } from '../ui/page/page-header.tsx';
import { DigestText } from '../ui/text/mono.tsx';
import { countOf } from '../ui/text/plain-text.ts';

/** Pushes the present snapshot to every host of a mesh, as an attempt of its own; then shows that attempt. */
export function PushConfigDialog({ mesh, onClose }: { mesh: Mesh; onClose: () => void }) {
  const { push: goTo } = useNavigate();
  const snapshot = useQuery(configSnapshotQuery());
  const [timeout, setTimeout] = useState('');
  const push = useMutation({
    mutationFn: () =>
      valueOf(
        client.call(routes.pushConfig, {
          params: { id: mesh.id },
          body: timeout.trim() === '' ? {} : { timeout: timeout.trim() },
          headers: { prefer: 'respond-async' },
        }),
      ),
    onSuccess: (attempt) => goTo(links.attempt(attempt.id)),
  });
  const changes = snapshot.data !== undefined && snapshot.data.digest !== mesh.configDigest;
  return (
    <ModalDialog title={`Push config to ${mesh.name}`} onClose={onClose}>
      <form
        className={styles['body']}
        onSubmit={(event) => {
          event.preventDefault();
          push.mutate();
        }}
      >
        <p>
          {changes
            ? 'The snapshot has changed since this mesh got its config. All hosts get the new one, or none keeps it.'
            : 'All hosts get the same snapshot again. That heals hosts that lost it.'}
        </p>
        <Facts
          facts={[
            ['Mesh holds', <DigestText key="old" digest={mesh.configDigest} copy={false} />],
            [
              'Will be sent',
              snapshot.data === undefined ? (
                'not known yet'
              ) : (
                <DigestText key="new" digest={snapshot.data.digest} copy={false} />
              ),
            ],
          ]}
        />
        <label className={styles['field']}>
          <span>Timeout for all hosts together, as in 10s; empty for the config’s own</span>
          <input value={timeout} autoComplete="off" onChange={(event) => setTimeout(event.target.value)} />
        </label>
        {push.isError && (
          <p role="alert" className={styles['fault']}>
            {push.error.message}
          </p>
        )}
        <div className={styles['foot']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={push.isPending}>
            Push to {countOf(mesh.hosts.total, 'host')}
          </Button>
        </div>
      </form>
    </ModalDialog>
  );
}
