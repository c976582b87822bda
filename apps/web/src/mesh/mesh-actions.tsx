'use client';

import type { Mesh, MeshHost } from '@hostmesh/contract';
import { useState } from 'react';
import { links } from '../links.ts';
import { isOwned } from '../standing/mesh-standing.ts';
import { Button, ButtonLink } from '../ui/button/button.tsx';
import { EndMeshDialog } from './end-mesh-dialog.tsx';
import type { EndWay } from './ending-procs.ts';
import { PushConfigDialog } from './push-config-dialog.tsx';

/** What can be done with a mesh: spawn procs on it, push its config again, give it back, end it. An ended one can be attached anew. */
export function MeshActions({ mesh, hosts }: { mesh: Mesh; hosts: readonly MeshHost[] | undefined }) {
  const [open, setOpen] = useState<'push' | EndWay | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {isOwned(mesh) ? (
        <>
          <Button
            look="danger"
            whyDisabled={hosts === undefined ? 'Its hosts are not loaded yet' : null}
            onClick={() => setOpen('shutdown')}
          >
            Shut down
          </Button>
          <Button
            look="danger"
            whyDisabled={hosts === undefined ? 'Its hosts are not loaded yet' : null}
            onClick={() => setOpen('stop')}
          >
            Stop
          </Button>
          <Button onClick={() => setOpen('push')}>Push config again</Button>
          <ButtonLink look="primary" href={links.spawn(mesh.id)}>
            Spawn procs
          </ButtonLink>
        </>
      ) : (
        <ButtonLink look="primary" href={links.attach({ from: mesh.attempt.id })}>
          Attach these hosts again
        </ButtonLink>
      )}
      {open === 'push' && <PushConfigDialog mesh={mesh} onClose={close} />}
      {(open === 'stop' || open === 'shutdown') && (
        <EndMeshDialog mesh={mesh} hosts={hosts ?? []} way={open} onClose={close} />
      )}
    </>
  );
}
